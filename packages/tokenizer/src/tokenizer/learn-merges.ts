import { BinaryHeap } from './binary-heap.js';
import { LinkedIds } from './linked-ids.js';
import { MAX_MERGED, PAIR_RADIX, type Merge } from './merge-table.js';

/** A pair that stands in fewer places is no pattern. */
const LEAST_PLACES = 2;

interface Pair {
  readonly left: number;
  readonly right: number;
  /** Places where it stands now. */
  count: number;
  /** Rising; some may be out of date. */
  readonly places: number[];
}

/** A pair with the count that it had when it was put into the queue. */
interface Candidate {
  readonly pair: Pair;
  readonly count: number;
}

/**
 * Merges by byte-pair encoding, the most frequent pair first (of equal ones that of the lower ids), until no pair comes
 * twice: take as many as are wanted. The same ids give the same merges.
 * @param ids plain ids, `GAP` between pieces
 * @param base number of plain ids
 * @param opening ids that begin something: none is joined to what stands before it
 */
export function* learnMerges(ids: Int32Array, base: number, opening: ReadonlySet<number>): Generator<Merge> {
  const learner = new Learner(ids, base, opening);
  for (let merge = learner.next(); merge !== undefined; merge = learner.next()) yield merge;
}

class Learner {
  private readonly row: LinkedIds;
  private readonly pairs = new Map<number, Pair>();
  private readonly queue = new BinaryHeap<Candidate>(isBefore);
  /** Plain ids of every id. */
  private readonly spellings: (readonly number[])[];
  private readonly known = new Set<string>();

  constructor(
    ids: Int32Array,
    base: number,
    private readonly opening: ReadonlySet<number>,
  ) {
    this.row = new LinkedIds(ids);
    this.spellings = Array.from({ length: base }, (_, id) => [id]);
    for (let place = 0; place + 1 < this.row.length; place += 1) this.enter(place);
    for (const pair of this.pairs.values()) this.queue.push({ pair, count: pair.count });
  }

  /** Does the next merge and tells which it was. */
  next(): Merge | undefined {
    for (let top = this.queue.pop(); top !== undefined; top = this.queue.pop()) {
      const { pair, count } = top;
      if (pair.count < LEAST_PLACES) continue;
      if (pair.count !== count) {
        this.queue.push({ pair, count: pair.count });
        continue;
      }
      const spelling = [...this.spellings[pair.left], ...this.spellings[pair.right]];
      const name = spelling.join();
      if (this.known.has(name)) continue; // the same tokens, put together in another order
      this.known.add(name);
      this.spellings.push(spelling);
      this.join(pair, this.spellings.length - 1);
      return [pair.left, pair.right];
    }
    return undefined;
  }

  private join({ left, right, places }: Pair, id: number): void {
    const { row } = this;
    const fresh = new Set<Pair>();
    for (const place of places) {
      if (!row.isPair(place, left, right)) continue;
      const [before, after] = [row.before(place), row.after(place)];
      this.leave(before);
      this.leave(place);
      this.leave(after);
      row.join(place, id);
      for (const at of [before, place]) {
        const pair = this.enter(at);
        if (pair !== undefined) fresh.add(pair);
      }
    }
    this.pairs.delete(left * PAIR_RADIX + right);
    for (const pair of fresh) this.queue.push({ pair, count: pair.count });
  }

  /** Counts the pair at a place, if it may become one token. */
  private enter(place: number): Pair | undefined {
    const [left, right] = [this.row.at(place), this.row.at(this.row.after(place))];
    if (!this.mayJoin(left, right)) return undefined;
    const key = left * PAIR_RADIX + right;
    let pair = this.pairs.get(key);
    if (pair === undefined) this.pairs.set(key, (pair = { left, right, count: 0, places: [] }));
    pair.count += 1;
    pair.places.push(place);
    return pair;
  }

  private leave(place: number): void {
    const pair = this.pairs.get(this.row.at(place) * PAIR_RADIX + this.row.at(this.row.after(place)));
    if (pair !== undefined) pair.count -= 1;
  }

  private mayJoin(left: number, right: number): boolean {
    if (left < 0 || right < 0) return false;
    const [first, second] = [this.spellings[left], this.spellings[right]];
    return first.length + second.length <= MAX_MERGED && !this.opening.has(second[0]);
  }
}

function isBefore(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.pair.left !== b.pair.left ? a.pair.left < b.pair.left : a.pair.right < b.pair.right;
}
