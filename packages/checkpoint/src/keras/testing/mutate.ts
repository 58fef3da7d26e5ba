/** A small generator of numbers below `limit`, the same on every machine. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** One to eight bytes changed, a stretch overwritten with what stands elsewhere, or the end cut off. */
export function mutate(original: Uint8Array, number: number): Uint8Array {
  const random = numbers(number * 2_654_435_761);
  const bytes = Uint8Array.from(original);
  const kind = random(8);
  if (kind === 0) return bytes.subarray(0, random(bytes.length));
  if (kind === 1) {
    const length = 1 + random(64);
    bytes.copyWithin(random(bytes.length), random(bytes.length), random(bytes.length) + length);
    return bytes;
  }
  // Structure stands in the first bytes and between the arrays: half of the changes go to the beginning.
  const range = kind < 5 ? Math.min(bytes.length, 4096) : bytes.length;
  const edges = [0, 1, 0x7f, 0x80, 0xff];
  for (let count = 1 + random(8); count > 0; count -= 1)
    bytes[random(range)] = random(2) === 0 ? edges[random(edges.length)] : random(256);
  return bytes;
}

/** Pieces of JSON that mean something, or too much. */
const WORDS = ['null', '-1', '1e999', '{}', '[]', '""', '"__proto__"', '[[', ']]', ',', '"notes"', '\\u0000', '\u2028'];

/** A JSON text with one or two stretches replaced by other pieces of JSON, or changed as bytes. */
export function mutateText(original: Uint8Array, number: number): Uint8Array {
  const random = numbers(number * 2_246_822_519);
  if (random(3) === 0) return mutate(original, number);
  let text = new TextDecoder().decode(original);
  for (let count = 1 + random(2); count > 0; count -= 1) {
    const from = random(text.length);
    text = text.slice(0, from) + WORDS[random(WORDS.length)] + text.slice(from + random(12));
  }
  return new TextEncoder().encode(text);
}
