import { BinaryHeap } from './binary-heap.js';
import { LinkedIds } from './linked-ids.js';
import { TokenizerError } from './tokenizer-error.js';

/** Two ids that become one; the k-th merge makes id base + k. Either may be a merged one itself. */
export type Merge = readonly [left: number, right: number];

/** Most plain tokens in a merged one: so that a piece can still be cut, and steered, in small steps. */
export const MAX_MERGED = 32;
/** Ids are below this, so that a pair is one exact number. */
export const PAIR_RADIX = 2 ** 21;

/**
 * Merges of byte-pair encoding (Gage 1994; Sennrich et al. 2016) over ids 0 … base-1. Immutable.
 * Of all neighbours that may merge, those of the earliest merge go first, the leftmost of them before the others.
 */
export class MergeTable {
  /** Merged ids by pair. */
  private readonly joined = new Map<number, number>();
  /** Plain ids of each merged one. */
  private readonly spellings: Int32Array[] = [];

  /** @throws TokenizerError RONDO_TOKENIZER_FORMAT for merges of what is not there, too long or twice the same. */
  constructor(
    readonly base: number,
    readonly merges: readonly Merge[],
  ) {
    const seen = new Set<string>();
    for (const [k, [left, right]] of merges.entries()) {
      const id = base + k;
      if (!(left >= 0 && left < id && right >= 0 && right < id)) throw wrong(k, `joins ids that are not below ${id}`);
      const spelling = Int32Array.of(...this.spell(left), ...this.spell(right));
      if (spelling.length > MAX_MERGED) throw wrong(k, `stands for more than ${MAX_MERGED} tokens`);
      if (seen.has(spelling.join())) throw wrong(k, 'makes a token that was there before');
      seen.add(spelling.join());
      this.spellings.push(spelling);
      this.joined.set(left * PAIR_RADIX + right, id);
    }
  }

  /** Ids that there are: plain and merged. */
  get size(): number {
    return this.base + this.merges.length;
  }

  /** The plain ids that an id stands for. */
  spell(id: number): ArrayLike<number> & Iterable<number> {
    return id < this.base ? [id] : this.spellings[id - this.base];
  }

  /** Plain ids with every merge done. */
  merge(plain: ArrayLike<number>): Int32Array {
    if (this.merges.length === 0) return Int32Array.from(plain);
    const row = new LinkedIds(plain);
    const places = row.length;
    // Rank and place in one number: the queue is in the order of both.
    const queue = new BinaryHeap<number>((a, b) => a < b);
    const enqueue = (place: number): void => {
      if (place < 0 || place >= places) return;
      const id = this.joined.get(row.at(place) * PAIR_RADIX + row.at(row.after(place)));
      if (id !== undefined) queue.push(id * places + place);
    };
    for (let place = 0; place + 1 < places; place += 1) enqueue(place);
    for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
      const [id, place] = [Math.floor(first / places), first % places];
      const [left, right] = this.merges[id - this.base];
      if (!row.isPair(place, left, right)) continue; // a neighbour went elsewhere meanwhile
      row.join(place, id);
      enqueue(row.before(place));
      enqueue(place);
    }
    return row.toIds();
  }

  /** The plain ids of any ids. */
  expand(ids: ArrayLike<number>): number[] {
    return Array.from(ids).flatMap((id) => [...this.spell(id)]);
  }
}

function wrong(merge: number, why: string): TokenizerError {
  return new TokenizerError('RONDO_TOKENIZER_FORMAT', `this is no tokenizer.json of version 1: merge ${merge} ${why}`);
}
