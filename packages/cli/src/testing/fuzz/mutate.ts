/** Uniform numbers in [0, 1). */
export type Random = () => number;

const below = (random: Random, count: number) => Math.floor(random() * count);
const pick = <T>(random: Random, choices: readonly T[]): T => choices[below(random, choices.length)];

/** Values that stand where others are expected. Texts, so that each can be put into any JSON. */
const HOSTILE_JSON: readonly (() => string)[] = [
  ...['null', 'true', '-1', '0', '1.5', '""', '[]', '{}', '1e308', '-1e308', '9007199254740993', '4294967296'].map(
    (text) => () => text,
  ),
  () => '1e999',
  () => '2147483648',
  () => '"../../../etc/passwd"',
  () => '"\\u0000\\ud800"',
  () => JSON.stringify('x'.repeat(100_000)),
  () => `[${Array(10_000).fill('0').join(',')}]`,
  () => `${'['.repeat(5000)}${']'.repeat(5000)}`,
  () => `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  () => '{"__proto__":{"polluted":true}}',
  () => '{"constructor":{"prototype":{"polluted":true}}}',
  () => '{"toJSON":"x","then":"y","length":1e9}',
  () => '"function(){globalThis.polluted=true}"',
];

/** Changes bytes here and there; may also cut, repeat or drop some. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (let count = 1 + below(random, 6); count > 0; count--) {
    const at = below(random, out.length + 1);
    const change = random();
    if (change < 0.6 && out.length > 0)
      out[Math.min(at, out.length - 1)] = pick(random, [0, 255, 128, below(random, 256), 0x22, 0x7b, 0x2d]);
    else if (change < 0.7) out = out.slice(0, at);
    else if (change < 0.8) out = joined(out.slice(0, at), out.slice(at + below(random, 16)));
    else if (change < 0.9) out = joined(out.slice(0, at), out.slice(Math.max(0, at - 64)));
    else
      out = joined(
        out.slice(0, at),
        Uint8Array.from({ length: 8 }, () => below(random, 256)),
        out.slice(at),
      );
  }
  return out;
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(parts));
}

type Slot = { holder: Record<string, unknown> | unknown[]; key: string };

/** Puts hostile values, missing, doubled and strange keys into a JSON document. */
export function mutateJson(text: string, random: Random): string {
  const root = { value: JSON.parse(text) as unknown };
  const marks = new Map<string, string>();
  for (let count = 1 + below(random, 3); count > 0; count--) {
    const places = slots(root);
    if (places.length === 0) break;
    const { holder, key } = pick(random, places);
    const change = random();
    if (change < 0.65) {
      const mark = `@mutant-${marks.size}@`;
      marks.set(JSON.stringify(mark), pick(random, HOSTILE_JSON)());
      put(holder, key, mark);
    } else if (change < 0.8) remove(holder, key);
    else if (change < 0.9) put(holder, pick(random, ['__proto__', 'constructor', 'length', 'extra', '']), 1);
    else put(holder, key, nudged(get(holder, key), random));
  }
  let out = JSON.stringify(root.value) ?? '';
  for (const [mark, hostile] of marks) out = out.replace(mark, () => hostile);
  return random() < 0.1 ? doubled(out) : out;
}

/** Every place of a document in which a value stands. */
function slots(root: object): Slot[] {
  const found: Slot[] = [];
  const open: object[] = [root];
  for (let holder = open.pop(); holder !== undefined && found.length < 5000; holder = open.pop()) {
    for (const key of Object.keys(holder)) {
      found.push({ holder: holder as Record<string, unknown>, key });
      const value = get(holder, key);
      if (typeof value === 'object' && value !== null) open.push(value);
    }
  }
  return found;
}

const get = (holder: object, key: string) => (holder as Record<string, unknown>)[key];

function put(holder: object, key: string, value: unknown): void {
  if (Array.isArray(holder) && !/^\d+$/.test(key)) holder.push(value);
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function remove(holder: object, key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}

/** Nearly right: what checks of type and form let through. */
function nudged(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return value + pick(random, [-1, 1, 0.5, -value, value * 1000]);
  if (typeof value === 'string') return pick(random, [`${value}x`, value.slice(1), value.toUpperCase(), `${value}\n`]);
  return [value, value];
}

/** The first key of the document twice. */
function doubled(text: string): string {
  const key = /^\{("[^"]*"):/.exec(text)?.[1];
  return key === undefined ? text : `{${key}:1,${text.slice(1)}`;
}
