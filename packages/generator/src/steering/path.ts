import type { GrammarCursor } from '@rondo/tokenizer';

/**
 * How one scheme's tokens meet the wishes: the state after the tokens so far. It knows the wishes alone; what may follow
 * what is the grammar's.
 */
export interface PathState {
  /** Whether the wishes let this token come next. It may still lead into a dead end: see `SafePath`. */
  permits(id: number): boolean;
  push(id: number): void;
  clone(): PathState;
  /**
   * The way to the end: tokens in order of preference, a function of the state alone. The first one that grammar and
   * wishes allow is taken; what the vocabulary lacks stands as a negative id.
   */
  exits(): Iterable<number>;
  /** The piece is whole and ends here, with EOS or (in schemes that have none) without. */
  readonly complete: boolean;
  /** Equal keys have equal futures; undefined where the state is not worth remembering. */
  quietKey(): string | undefined;
  /** How much of the new music is done, 0 … 1; 0 where no end was asked for. */
  readonly place: number;
  /** Ticks of the decoded score at which everything is over; undefined where no end was asked for. */
  endTick(ticksPerQuarter: number): number | undefined;
  /** Tick of the decoded score at which the new music begins. */
  startTick(ticksPerQuarter: number): number;
}

/** No way out is longer; a way that is means that the exits go round in circles. */
const LONGEST_WAY = 2_000_000;

/**
 * Grammar and wishes together, without dead ends. A token is safe if, after it, following the exits leads to a complete
 * piece. Because the exits are a function of the state, the first exit of a safe state leads to a safe state: wherever
 * one can be, at least one token is allowed (induction from the start, which is checked once).
 */
export class SafePath {
  constructor(
    private readonly cursor: GrammarCursor,
    private readonly state: PathState,
    private readonly eos: number | undefined,
    private readonly known = new Map<string, boolean>(),
  ) {}

  get complete(): boolean {
    return this.state.complete;
  }

  get place(): number {
    const { place } = this.state;
    return place > 0 ? Math.min(1, place) : 0;
  }

  endTick(ticksPerQuarter: number): number | undefined {
    return this.state.endTick(ticksPerQuarter);
  }

  startTick(ticksPerQuarter: number): number {
    return this.state.startTick(ticksPerQuarter);
  }

  /** Fills `out` with 1 for each id that grammar and wishes let come next; those that are dead ends included. */
  mask(out: Uint8Array): void {
    this.cursor.mask(out);
    for (let id = 0; id < out.length; id++) if (out[id] === 1 && !this.state.permits(id)) out[id] = 0;
  }

  /** Whether a complete piece can follow after an id that `mask` allows. */
  isSafe(id: number): boolean {
    const next = this.clone();
    next.push(id);
    return id === this.eos || next.#leadsHome();
  }

  /** Whether a complete piece can follow from here. */
  get canFinish(): boolean {
    return this.clone().#leadsHome();
  }

  push(id: number): void {
    this.cursor.push(id);
    this.state.push(id);
  }

  clone(): SafePath {
    return new SafePath(this.cursor.clone(), this.state.clone(), this.eos, this.known);
  }

  /** Follows the exits to the end, or to a state whose end is known. Uses this path up. */
  #leadsHome(): boolean {
    const passed: string[] = [];
    const result = this.#follow(passed);
    for (const key of passed) this.known.set(key, result);
    return result;
  }

  #follow(passed: string[]): boolean {
    for (let step = 0; step < LONGEST_WAY; step++) {
      if (this.state.complete) return true;
      const key = this.state.quietKey();
      const known = key === undefined ? undefined : this.known.get(key);
      if (known !== undefined) return known;
      if (key !== undefined) passed.push(key);
      const next = this.#firstExit();
      if (next === undefined) return false;
      if (next === this.eos) return true;
      this.push(next);
    }
    return false;
  }

  #firstExit(): number | undefined {
    for (const id of this.state.exits()) {
      if (id >= 0 && this.state.permits(id) && this.cursor.allows(id)) return id;
    }
    return undefined;
  }
}
