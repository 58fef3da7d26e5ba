// Python's pickle is a program for a stack machine. This one knows the instructions that build lists, tuples, sets, dicts,
// texts and numbers, and no others: what a pickle would have Python import or call is refused, never done.

/** A set or frozenset comes as an array, a dict as a Map. */
export type Pickled = string | number | bigint | boolean | null | Pickled[] | Map<Pickled, Pickled>;

export class PickleError extends Error {}

const MARK = Symbol('mark');
/** A name that may be called: Python's own set and frozenset. */
const SET = Symbol('set');

type Slot = Pickled | typeof MARK | typeof SET;

/**
 * Reads a pickle of protocol 0 … 5.
 * @param limit values at most
 * @throws PickleError
 */
export function readPickle(bytes: Uint8Array, limit: number): Pickled {
  return new Machine(bytes, limit).run();
}

class Machine {
  private at = 0;
  private stack: Slot[] = [];
  private readonly memo = new Map<number, Slot>();
  private values = 0;
  private readonly view: DataView;
  private readonly utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly latin1 = new TextDecoder('latin1');

  constructor(
    private readonly bytes: Uint8Array,
    private readonly limit: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): Pickled {
    for (;;) {
      const code = String.fromCharCode(this.take(1)[0]);
      if (code === '.') return value(this.pop());
      this.values += 1;
      if (this.values > this.limit) throw new PickleError(`it has more than ${this.limit} steps`);
      this.step(code);
    }
  }

  private step(code: string): void {
    switch (code) {
      case '\x80': // PROTO
        return void this.take(1);
      case '\x95': // FRAME
        return void this.take(8);
      case '(':
        return this.push(MARK);
      case '0': // POP
        return void this.pop();
      case '1': // POP_MARK
        return void this.sinceMark();
      case '2': // DUP
        return this.push(this.top());
      case 'N':
        return this.push(null);
      case '\x88':
        return this.push(true);
      case '\x89':
        return this.push(false);
      default:
        if (!(this.text(code) || this.number(code) || this.container(code) || this.memory(code) || this.call(code)))
          throw new PickleError(
            `it has an instruction that is not read here (${JSON.stringify(code)} at ${this.at - 1})`,
          );
    }
  }

  private text(code: string): boolean {
    const sizes: Record<string, 1 | 4 | 8> = { '\x8c': 1, X: 4, '\x8d': 8, U: 1, T: 4 };
    const size = sizes[code];
    if (size !== undefined) {
      const bytes = this.take(this.unsigned(size));
      this.push((code === 'U' || code === 'T' ? this.latin1 : this.utf8).decode(bytes));
    } else if (code === 'V') this.push(unescapeText(this.line()));
    else if (code === 'S') this.push(unquoteText(this.line()));
    else return false;
    return true;
  }

  private number(code: string): boolean {
    switch (code) {
      case 'K':
        this.push(this.take(1)[0]);
        return true;
      case 'M':
        this.push(this.unsigned(2));
        return true;
      case 'J':
        this.push(this.view.getInt32(this.skip(4), true));
        return true;
      case 'G':
        this.push(this.view.getFloat64(this.skip(8), false));
        return true;
      case 'I':
      case 'L':
      case 'F': {
        const line = this.line().replace(/L$/, '');
        if (line.length > 40 || !Number.isFinite(Number(line)))
          throw new PickleError(`"${line.slice(0, 40)}" is no number`);
        this.push(code === 'I' && /^0[01]$/.test(line) ? line === '01' : Number(line));
        return true;
      }
      case '\x8a': {
        const bytes = this.take(this.take(1)[0]);
        const big = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
        this.push(Number(BigInt.asIntN(8 * bytes.length, big)));
        return true;
      }
      default:
        return false;
    }
  }

  private container(code: string): boolean {
    switch (code) {
      case ']':
      case ')':
      case '\x8f': // EMPTY_SET
        this.push([]);
        return true;
      case '}':
        this.push(new Map());
        return true;
      case 'l':
      case 't':
      case '\x91': // FROZENSET
        this.push(this.sinceMark());
        return true;
      case 'd':
        this.push(addPairs(new Map(), this.sinceMark()));
        return true;
      case '\x85':
      case '\x86':
      case '\x87':
        this.push(this.popMany(code.charCodeAt(0) - 0x84));
        return true;
      case 'a':
        this.append([value(this.pop())]);
        return true;
      case 'e':
      case '\x90': // ADDITEMS
        this.append(this.sinceMark());
        return true;
      case 's':
        this.setItems(this.popMany(2));
        return true;
      case 'u':
        this.setItems(this.sinceMark());
        return true;
      default:
        return false;
    }
  }

  private memory(code: string): boolean {
    switch (code) {
      case 'q':
        this.memo.set(this.unsigned(1), this.top());
        return true;
      case 'r':
        this.memo.set(this.unsigned(4), this.top());
        return true;
      case 'p':
        this.memo.set(Number(this.line()), this.top());
        return true;
      case '\x94':
        this.memo.set(this.memo.size, this.top());
        return true;
      case 'h':
        this.recall(this.unsigned(1));
        return true;
      case 'j':
        this.recall(this.unsigned(4));
        return true;
      case 'g':
        this.recall(Number(this.line()));
        return true;
      default:
        return false;
    }
  }

  /** Names of things in Python: a set is known, everything else would be code. */
  private call(code: string): boolean {
    if (code === 'c') this.name(this.line(), this.line());
    else if (code === '\x93') {
      const [module, name] = this.popMany(2);
      this.name(String(module), String(name));
    } else if (code === 'R') {
      const args = value(this.pop());
      const called = this.pop();
      if (called !== SET || !Array.isArray(args) || args.length > 1) throw new PickleError('it calls what is no set');
      const [items = []] = args;
      if (!Array.isArray(items)) throw new PickleError('its set is made of something else than a list');
      this.push(items);
    } else return false;
    return true;
  }

  private name(module: string, name: string): void {
    const known = /^(builtins|__builtin__|sets)$/.test(module) && /^(set|frozenset)$/.test(name);
    if (!known) throw new PickleError(`it would have Python run ${JSON.stringify(`${module}.${name}`.slice(0, 80))}`);
    this.push(SET);
  }

  private append(items: readonly Pickled[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new PickleError('it adds items to what is no list');
    for (const item of items) list.push(item);
  }

  private setItems(items: readonly Pickled[]): void {
    const map = this.top();
    if (!(map instanceof Map)) throw new PickleError('it sets items of what is no dict');
    addPairs(map, items);
  }

  private push(slot: Slot): void {
    this.stack.push(slot);
  }

  private pop(): Slot {
    const slot = this.stack.pop();
    if (slot === undefined) throw new PickleError('its stack is empty');
    return slot;
  }

  private top(): Slot {
    const slot = this.stack.at(-1);
    if (slot === undefined) throw new PickleError('its stack is empty');
    return slot;
  }

  private popMany(count: number): Pickled[] {
    return Array.from({ length: count }, () => value(this.pop())).reverse();
  }

  private sinceMark(): Pickled[] {
    const from = this.stack.lastIndexOf(MARK);
    if (from < 0) throw new PickleError('a mark is missing');
    const items = this.stack.slice(from + 1).map(value);
    this.stack.length = from;
    return items;
  }

  private recall(key: number): void {
    const slot = this.memo.get(key);
    if (slot === undefined) throw new PickleError(`it recalls ${key}, which it has not stored`);
    this.push(slot);
  }

  /** Position of the next `count` bytes, which are passed. */
  private skip(count: number): number {
    const from = this.at;
    if (!(count <= this.bytes.length - from)) throw new PickleError('it is cut short');
    this.at += count;
    return from;
  }

  private take(count: number): Uint8Array {
    const from = this.skip(count);
    return this.bytes.subarray(from, from + count);
  }

  private unsigned(size: 1 | 2 | 4 | 8): number {
    const from = this.skip(size);
    if (size === 8) return Number(this.view.getBigUint64(from, true));
    if (size === 4) return this.view.getUint32(from, true);
    return size === 2 ? this.view.getUint16(from, true) : this.view.getUint8(from);
  }

  /** Text up to the end of the line, which is passed. */
  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleError('it is cut short');
    const text = this.latin1.decode(this.take(end - this.at));
    this.at += 1;
    return text.replace(/\r$/, '');
  }
}

function value(slot: Slot): Pickled {
  if (slot === MARK || slot === SET) throw new PickleError('its instructions are out of order');
  return slot;
}

function addPairs(map: Map<Pickled, Pickled>, items: readonly Pickled[]): Map<Pickled, Pickled> {
  if (items.length % 2 !== 0) throw new PickleError('a dict has a key without a value');
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  return map;
}

/** Protocol 0 writes what is not Latin as \uXXXX. */
function unescapeText(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** A text of Python 2 in its quotes; names of notes hold nothing that would be escaped. */
function unquoteText(line: string): string {
  const match = /^(['"])(.*)\1$/.exec(line.trim());
  if (match === null || match[2].includes('\\')) throw new PickleError('a text has no quotes, or escapes inside');
  return match[2];
}
