/** White noise in [-1, 1) from a seed (xorshift32): the same seed gives the same noise. */
export function noiseSource(seed: number): () => number {
  let state = seed | 0 || 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 0x80000000;
  };
}
