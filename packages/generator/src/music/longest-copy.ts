/** Ids that can be read by position, as a split of a dataset. */
export interface ReadableIds {
  readonly tokens: number;
  read(position: number, count: number, out: Int32Array, outOffset?: number): void;
}

/** The longest stretch of a piece that stands in the training data note for note. */
export interface Copy {
  /** Tokens. */
  length: number;
  /** Where it begins in the piece; 0 where there is none. */
  start: number;
  /** Where it begins in the training data; 0 where there is none. */
  source: number;
}

const PAGE = 1 << 15;

/**
 * The longest run of ids that `piece` and the training data share. The data are read once, page by page: time grows with
 * their length, memory with the piece's alone.
 * Source: suffix automaton, Blumer et al. 1985.
 */
export function longestCopy(piece: ArrayLike<number>, training: ReadableIds): Copy {
  const automaton = new SuffixAutomaton(piece);
  const page = new Int32Array(PAGE);
  const best: Copy = { length: 0, start: 0, source: 0 };
  let state = 0;
  let length = 0;
  for (let position = 0; position < training.tokens; position += PAGE) {
    const count = Math.min(PAGE, training.tokens - position);
    training.read(position, count, page);
    for (let i = 0; i < count; i++) {
      [state, length] = automaton.advance(state, length, page[i]);
      if (length <= best.length) continue;
      best.length = length;
      best.start = automaton.endOf(state) - length + 1;
      best.source = position + i - length + 1;
    }
  }
  return best;
}

/** All substrings of a sequence; each state is a set of substrings that end at the same places. */
class SuffixAutomaton {
  readonly #next: Map<number, number>[] = [new Map()];
  readonly #link: number[] = [-1];
  readonly #length: number[] = [0];
  readonly #end: number[] = [-1]; // index in the sequence where the state's substrings first end

  constructor(ids: ArrayLike<number>) {
    let last = 0;
    for (let i = 0; i < ids.length; i++) last = this.#extend(last, ids[i], i);
  }

  /** The state and the length of the longest match after one more id. */
  advance(state: number, length: number, id: number): [number, number] {
    let at = state;
    let matched = length;
    for (;;) {
      const next = this.#next[at].get(id);
      if (next !== undefined) return [next, matched + 1];
      if (at === 0) return [0, 0];
      at = this.#link[at];
      matched = this.#length[at];
    }
  }

  endOf(state: number): number {
    return this.#end[state];
  }

  #extend(last: number, id: number, index: number): number {
    const added = this.#add(this.#length[last] + 1, new Map(), index);
    let p = last;
    while (p >= 0 && !this.#next[p].has(id)) {
      this.#next[p].set(id, added);
      p = this.#link[p];
    }
    if (p < 0) {
      this.#link[added] = 0;
      return added;
    }
    const q = this.#next[p].get(id)!;
    this.#link[added] = this.#length[p] + 1 === this.#length[q] ? q : this.#split(p, q, id);
    return added;
  }

  /** Divides state q: its shorter substrings, which also end elsewhere, become a state of their own. */
  #split(from: number, q: number, id: number): number {
    const clone = this.#add(this.#length[from] + 1, new Map(this.#next[q]), this.#end[q]);
    this.#link[clone] = this.#link[q];
    this.#link[q] = clone;
    for (let p = from; p >= 0 && this.#next[p].get(id) === q; p = this.#link[p]) this.#next[p].set(id, clone);
    return clone;
  }

  #add(length: number, next: Map<number, number>, end: number): number {
    this.#next.push(next);
    this.#link.push(0);
    this.#end.push(end);
    return this.#length.push(length) - 1;
  }
}
