import type { Score, Tokenizer } from '@rondo/tokenizer';
import type { Plan } from '../options.js';
import { barOf, barTick, countNotes, lastOnset, secondsAt, tickAt } from './score-time.js';

/** Decoding is repeated after this share of new tokens, so that a long piece costs linear time. */
const CHECK_SHARE = 1 / 16;
const CHECK_TOKENS = 16;

/**
 * Says when one variation has its bars or seconds. Works for every scheme: it looks at the music, not at the tokens.
 * The music before it (an included prime) does not count.
 */
export class MusicLimit {
  readonly #from: number;
  readonly #barsBefore: number;
  readonly #secondsBefore: number;
  #checkedAt: number;

  /** @param piece the ids that stand before the new ones in the result */
  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly plan: Plan,
    piece: readonly number[],
  ) {
    const before = tokenizer.decode(piece);
    const onset = lastOnset(before);
    this.#from = piece.length;
    this.#checkedAt = piece.length;
    this.#barsBefore = onset < 0 ? 0 : barOf(before, onset) + 1;
    this.#secondsBefore = onset < 0 ? 0 : secondsAt(before, before.endTick);
  }

  /** True once the music of `ids` (prime included) reaches past the limit; looks only now and then. */
  reached(ids: readonly number[]): boolean {
    if (!this.#isLimited) return false;
    const fresh = ids.length - this.#checkedAt;
    if (fresh < Math.max(CHECK_TOKENS, this.#checkedAt * CHECK_SHARE)) return false;
    this.#checkedAt = ids.length;
    return this.#isPast(ids);
  }

  /** The ids up to the last one that makes a note before the limit; all of them where the limit is not reached. */
  trim(ids: readonly number[]): readonly number[] {
    if (!this.#isLimited || !this.#isPast(ids)) return ids;
    const enough = firstIndex(this.#from, ids.length, (n) => this.#isPast(ids.slice(0, n)));
    const kept = ids.slice(0, enough - 1);
    const notes = this.#notes(kept);
    return kept.slice(
      0,
      firstIndex(this.#from, kept.length, (n) => this.#notes(kept.slice(0, n)) === notes),
    );
  }

  /** The tick where the music of `score` has to be over; Infinity without a limit in bars or seconds. */
  endTick(score: Score): number {
    const { bars, seconds } = this.plan;
    const byBars = bars === undefined ? Infinity : barTick(score, this.#barsBefore + bars);
    const bySeconds = seconds === undefined ? Infinity : tickAt(score, this.#secondsBefore + seconds);
    return Math.min(byBars, bySeconds);
  }

  get #isLimited(): boolean {
    return this.plan.bars !== undefined || this.plan.seconds !== undefined;
  }

  #isPast(ids: readonly number[]): boolean {
    const score = this.tokenizer.decode(ids);
    return lastOnset(score) >= this.endTick(score);
  }

  #notes(ids: readonly number[]): number {
    return countNotes(this.tokenizer.decode(ids));
  }
}

/** The least n of low … high for which `holds` is true, given that it stays true once it is; high where it never is. */
function firstIndex(low: number, high: number, holds: (n: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
