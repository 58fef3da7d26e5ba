const FULLEST = 0.75;
const FIRST_CAPACITY = 1 << 12;

/** How often pairs of numbers stand together, in two tallies. */
export interface PairTallies {
  /** Different pairs that take room of their own. */
  readonly size: number;
  add(first: number, second: number, tally: 0 | 1): void;
  get(first: number, second: number, tally: 0 | 1): number;
  /** Every pair with its two tallies, in an order that the pairs and their first places decide. */
  forEach(take: (first: number, second: number, tally0: number, tally1: number) => void): void;
  /** Forgets all pairs whose first number is `limit` or more. */
  cut(limit: number): void;
}

/** A table with a place for every pair: three times as fast, for small `base`. Its room is taken from the start on. */
export class PairTable implements PairTallies {
  readonly size = 0;
  private readonly tallies: readonly [Uint32Array, Uint32Array];

  /** @param base above every number */
  constructor(private readonly base: number) {
    this.tallies = [new Uint32Array(base * base), new Uint32Array(base * base)];
  }

  add(first: number, second: number, tally: 0 | 1): void {
    this.tallies[tally][first * this.base + second] += 1;
  }

  get(first: number, second: number, tally: 0 | 1): number {
    return this.tallies[tally][first * this.base + second];
  }

  forEach(take: (first: number, second: number, tally0: number, tally1: number) => void): void {
    const [some, others] = this.tallies;
    for (let place = 0; place < some.length; place += 1) {
      if (some[place] + others[place] === 0) continue;
      take(Math.floor(place / this.base), place % this.base, some[place], others[place]);
    }
  }

  cut(limit: number): void {
    for (const tally of this.tallies) tally.fill(0, limit * this.base);
  }
}

/**
 * Any number of pairs that are few of the possible ones: an open hash table of plain numbers, because a Map ends at
 * 2^24 entries and takes five times the memory. Exact for pairs whose key, `first · base + second`, is below 2^53.
 */
export class PairCounts implements PairTallies {
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

  forEach(take: (first: number, second: number, tally0: number, tally1: number) => void): void {
    for (let place = 0; place < this.capacity; place += 1) {
      const key = this.keys[place] - 1;
      if (key < 0) continue;
      take(Math.floor(key / this.base), key % this.base, this.tallies[0][place], this.tallies[1][place]);
    }
  }

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
