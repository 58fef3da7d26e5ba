/** The longest run of tokens that stands in both pieces. */
export interface Copy {
  /** Tokens. */
  length: number;
  /** Index of its first token in the generated piece; 0 if `length` is 0. */
  start: number;
}

/** A state of the automaton: all runs that end at the same places. */
interface State {
  length: number;
  link: number;
  /** Index after the first place where its runs end. */
  end: number;
  next: Map<number, number>;
}

/**
 * Finds the longest n-gram of a generated piece that was copied from a corpus.
 *
 * The generated piece becomes a suffix automaton (Blumer et al. 1985), built in linear time; the corpus
 * streams through it piece by piece, so its size does not matter. No run crosses two corpus pieces.
 */
export class CopyFinder {
  readonly #states: State[] = [{ length: 0, link: -1, end: 0, next: new Map() }];
  #last = 0;
  #best: Copy = { length: 0, start: 0 };

  constructor(generated: ArrayLike<number>) {
    for (let i = 0; i < generated.length; i++) this.#append(generated[i], i + 1);
  }

  /** Reads one piece of the corpus. */
  read(piece: ArrayLike<number>): void {
    let state = 0;
    let length = 0;
    for (let i = 0; i < piece.length; i++) {
      while (state > 0 && !this.#states[state].next.has(piece[i])) {
        state = this.#states[state].link;
        length = this.#states[state].length;
      }
      const next = this.#states[state].next.get(piece[i]);
      if (next === undefined) continue;
      state = next;
      length++;
      if (length > this.#best.length) this.#best = { length, start: this.#states[state].end - length };
    }
  }

  /** The longest copy among the pieces read so far. */
  get longest(): Copy {
    return this.#best;
  }

  #append(token: number, end: number): void {
    const states = this.#states;
    const added = states.push({ length: states[this.#last].length + 1, link: 0, end, next: new Map() }) - 1;
    let from = this.#last;
    this.#last = added;
    while (from >= 0 && !states[from].next.has(token)) {
      states[from].next.set(token, added);
      from = states[from].link;
    }
    if (from < 0) return;
    const target = states[from].next.get(token) as number;
    states[added].link = states[target].length === states[from].length + 1 ? target : this.#split(from, target, token);
  }

  /** Separates the runs of `target` that continue `from` from its longer ones. */
  #split(from: number, target: number, token: number): number {
    const states = this.#states;
    const { link, end, next } = states[target];
    const copy = states.push({ length: states[from].length + 1, link, end, next: new Map(next) }) - 1;
    for (let state = from; state >= 0 && states[state].next.get(token) === target; state = states[state].link) {
      states[state].next.set(token, copy);
    }
    states[target].link = copy;
    return copy;
  }
}
