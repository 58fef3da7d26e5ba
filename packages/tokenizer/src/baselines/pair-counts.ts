const FULLEST = 0.75;
const FIRST_CAPACITY = 1 << 12;

/**
 * How often pairs of numbers stand together, in two tallies: an open hash table of plain numbers, because a Map ends at
 * 2^24 entries and takes five times the memory. Exact for pairs whose key, `first · base + second`, is below 2^53.
 */
export class PairCounts {
  /** Different pairs. */
  size = 0;
  private capacity = FIRST_CAPACITY;
  /** Key + 1, so that 0 is an empty place. */
  private keys = new Float64Array(this.capacity);
  private tallies = [new Uint32Array(this.capacity), new Uint32Array(this.capacity)];

  /** @param base above every second number */
  constructor(private readonly base: number) {}

  add(first: number, second: number, tally: 0 | 1): void {
    if (this.size >= this.capacity * FULLEST) this.rebuild(2 * this.capacity, () => true);
    const key = first * this.base + second + 1;
    const place = this.place(key);
    if (this.keys[place] === 0) this.size += 1;
    this.keys[place] = key;
    this.tallies[tally][place] += 1;
  }

  get(first: number, second: number, tally: 0 | 1): number {
    return this.tallies[tally][this.place(first * this.base + second + 1)];
  }

  /** Forgets all pairs whose first number is `limit` or more. */
  cut(limit: number): void {
    this.rebuild(this.capacity, (key) => key <= limit * this.base);
  }

  /** Where a key is, or the empty place where it belongs. */
  private place(key: number): number {
    const { keys, capacity } = this;
    let place = hash(key) & (capacity - 1);
    while (keys[place] !== 0 && keys[place] !== key) place = (place + 1) & (capacity - 1);
    return place;
  }

  private rebuild(capacity: number, isKept: (key: number) => boolean): void {
    const { keys, tallies } = this;
    this.capacity = capacity;
    this.keys = new Float64Array(capacity);
    this.tallies = [new Uint32Array(capacity), new Uint32Array(capacity)];
    this.size = 0;
    for (const [from, key] of keys.entries()) {
      if (key === 0 || !isKept(key)) continue;
      const place = this.place(key);
      this.keys[place] = key;
      for (const tally of [0, 1]) this.tallies[tally][place] = tallies[tally][from];
      this.size += 1;
    }
  }
}

/** Spreads neighbouring keys: 32-bit multiplication by the golden ratio, both halves mixed. */
function hash(key: number): number {
  const mixed = Math.imul(key % 0x1_0000_0000 ^ (key / 0x1_0000_0000), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
