import type { GrammarCursor, Tokenizer } from '@rondo/tokenizer';
import type { Plan } from './options.js';
import type { Start } from './prime.js';
import { openPath } from './steering/open.js';
import type { SafePath } from './steering/path.js';

/** What may come next in one piece. */
export interface Guide {
  /** Fills `out` [V] with 1 for each id that may come next; at least one may. */
  mask(out: Uint8Array): void;
  /** Whether an id of the mask leads into no dead end. */
  isSafe(id: number): boolean;
  push(id: number): void;
  /** An independent copy of the present state. */
  clone(): Guide;
  /** The piece is whole without a token that says so. */
  readonly complete: boolean;
  /** Whether the piece ends by itself at the length asked for. */
  readonly endsExactly: boolean;
  /** How much of the piece is done, 0 … 1; undefined where its length is not known. */
  readonly place: number | undefined;
  /** Tick of the decoded score at which everything is over; undefined where no length was asked for. */
  endTick(ticksPerQuarter: number): number | undefined;
  /** Tick of the decoded score at which the new music begins; 0 where it obeys nothing. */
  startTick(ticksPerQuarter: number): number;
}

/** @throws GeneratorError RONDO_GENERATOR_OPTION, RONDO_GENERATOR_CONSTRAINT for wishes that cannot be met */
export function openGuide(tokenizer: Tokenizer, plan: Plan, start: Start): Guide {
  if (plan.wishes === undefined) return new GrammarGuide(tokenizer, plan.grammar, start.piece);
  // Wishes are about the piece that is written: what stands before it and is left out is no part of it.
  const fresh = tokenizer.bos === undefined ? [] : [tokenizer.bos];
  const conditions = Array.from(start.piece).filter((id) => tokenizer.isCondition(id));
  const piece = plan.includePrime ? start.piece : [...fresh, ...conditions];
  return new WishGuide(openPath(tokenizer, plan.wishes, piece), plan.wishes);
}

/** The grammar alone, or nothing at all. */
class GrammarGuide implements Guide {
  readonly complete = false;
  readonly endsExactly = false;
  readonly place = undefined;
  readonly #cursor: GrammarCursor;

  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly grammar: boolean,
    piece: ArrayLike<number>,
    cursor?: GrammarCursor,
  ) {
    this.#cursor = cursor ?? tokenizer.grammarCursor();
    for (const id of Array.from(piece)) this.#cursor.push(id);
  }

  mask(out: Uint8Array): void {
    if (this.grammar) this.#cursor.mask(out);
    else out.fill(1);
    this.#dropSpecials(out);
    if (out.includes(1)) return;
    // A small vocabulary may lack what the grammar asks for; any music is better than none.
    out.fill(1);
    this.#dropSpecials(out);
  }

  isSafe(): boolean {
    return true;
  }

  push(id: number): void {
    this.#cursor.push(id);
  }

  clone(): GrammarGuide {
    return new GrammarGuide(this.tokenizer, this.grammar, [], this.#cursor.clone());
  }

  endTick(): undefined {
    return undefined;
  }

  startTick(): number {
    return 0;
  }

  #dropSpecials(out: Uint8Array): void {
    const { bos, unk } = this.tokenizer;
    for (const id of [bos, unk]) if (id !== undefined) out[id] = 0;
  }
}

/** Grammar and wishes. */
class WishGuide implements Guide {
  constructor(
    private readonly path: SafePath,
    private readonly wishes: NonNullable<Plan['wishes']>,
  ) {}

  get complete(): boolean {
    return this.path.complete;
  }

  get endsExactly(): boolean {
    const { bars, seconds, melody, given } = this.wishes;
    return [bars, seconds, melody, given].some((wish) => wish !== undefined);
  }

  get place(): number | undefined {
    return this.endsExactly ? this.path.place : undefined;
  }

  mask(out: Uint8Array): void {
    this.path.mask(out);
  }

  isSafe(id: number): boolean {
    return this.path.isSafe(id);
  }

  push(id: number): void {
    this.path.push(id);
  }

  clone(): WishGuide {
    return new WishGuide(this.path.clone(), this.wishes);
  }

  endTick(ticksPerQuarter: number): number | undefined {
    return this.path.endTick(ticksPerQuarter);
  }

  startTick(ticksPerQuarter: number): number {
    return this.path.startTick(ticksPerQuarter);
  }
}
