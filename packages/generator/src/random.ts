/** A source of uniform numbers in [0, 1), 53 bits each. */
export interface Random {
  next(): number;
}

/**
 * xoshiro128** (Blackman and Vigna 2018): small, fast, passes BigCrush, and all in 32-bit integers.
 * The sequence depends on (seed, stream) alone; neighbouring seeds and streams are unrelated.
 * @param seed integer 0 … 2⁵³ − 1
 * @param stream one independent sequence per number, 0 … 2³² − 1
 */
export function seededRandom(seed: number, stream = 0): Random {
  const mix = mixer(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, stream >>> 0);
  const next32 = xoshiro128(mix(), mix(), mix(), mix());
  return { next: () => ((next32() >>> 5) * 2 ** 26 + (next32() >>> 6)) / 2 ** 53 };
}

/** The generator itself: unsigned 32-bit numbers from a state of four words. */
export function xoshiro128(s0: number, s1: number, s2: number, s3: number): () => number {
  let [a, b, c, d] = [s0, s1, s2, s3];
  if ((a | b | c | d) === 0) d = 1; // the one state that it cannot leave
  return () => {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotl(d, 11);
    return result;
  };
}

function rotl(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** Stretches three words to any number of them: each output hashes all three and a counter (MurmurHash3's finaliser). */
function mixer(low: number, high: number, stream: number): () => number {
  let counter = 0;
  return () => {
    let h = 0x9e3779b9;
    for (const word of [low, high, stream, counter]) h = finalise(Math.imul(h ^ word, 0xcc9e2d51) + 0x7f4a7c15);
    counter++;
    return h;
  };
}

function finalise(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
