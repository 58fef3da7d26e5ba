/**
 * A pseudo-random permutation of 0 … size − 1 that needs no table: a Feistel network over 2h bits, repeated until the
 * value falls inside the domain (cycle walking). So shuffling millions of windows costs no memory and each place of the
 * order can be asked for by itself.
 */
export class Permutation {
  readonly #halfBits: number;
  readonly #keys: readonly number[];

  /** `size` ≤ 2⁵². The same `key` gives the same order. */
  constructor(
    readonly size: number,
    key: readonly number[],
  ) {
    let halfBits = 1;
    while (4 ** halfBits < size) halfBits++;
    this.#halfBits = halfBits;
    this.#keys = Array.from({ length: ROUNDS }, (_, round) => hash([...key, round]));
  }

  /** The element at place `index` of the shuffled order. */
  at(index: number): number {
    if (!(index >= 0 && index < this.size)) throw new RangeError(`permutation: ${index} is not below ${this.size}`);
    let value = index;
    do value = this.#scramble(value);
    while (value >= this.size);
    return value;
  }

  #scramble(value: number): number {
    const half = 2 ** this.#halfBits;
    let left = Math.floor(value / half);
    let right = value % half;
    for (const key of this.#keys) {
      const mixed = (left ^ mix(right ^ key)) >>> 0;
      left = right;
      right = mixed % half;
    }
    return left * half + right;
  }
}

/** Four rounds hide the structure; six also shuffle domains of a few elements well. */
const ROUNDS = 6;

/** One 32-bit number from several; non-integers and numbers above 2³² enter by their low and high words. */
export function hash(words: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const word of words) {
    state = mix(state ^ (word >>> 0));
    state = mix(state + Math.floor(word / 2 ** 32) + 0x7f4a7c15);
  }
  return state;
}

/** The 32-bit finaliser of MurmurHash3: every input bit changes every output bit half of the time. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
