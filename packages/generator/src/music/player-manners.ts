import type { Tokenizer } from '@rondo/tokenizer';
import { HeldKeys } from './held-keys.js';

/**
 * A search waits for no longer than this for the next key. Waiting is what is likeliest, again and again: without a bound
 * the likeliest performance is silence. Of the gaps between keys in real ones, hardly any is longer.
 */
const LONGEST_WAIT_MS = 4000;

/** What a token of a performance does to the time since the last key. */
interface Wait {
  readonly strikes: boolean;
  readonly ms: number;
}

/** How a performance is played, as far as a network that is searched for its likeliest piece loses sight of it. */
export class PlayerManners {
  #waited = 0;

  private constructor(
    private readonly tokenizer: Tokenizer,
    private readonly waits: readonly Wait[],
    private readonly held: HeldKeys,
  ) {}

  /** After some tokens; undefined for schemes other than `performance`. */
  static after(tokenizer: Tokenizer, ids: Iterable<number>): PlayerManners | undefined {
    const held = HeldKeys.of(tokenizer);
    if (held === undefined) return undefined;
    const waits = tokenizer.vocabulary.tokens.map((_, id) => waitOf(tokenizer.spell(id)));
    return new PlayerManners(tokenizer, waits, held).#read(ids);
  }

  /** The manners of another piece of the same vocabulary. */
  afresh(ids: Iterable<number>): PlayerManners {
    const held = HeldKeys.of(this.tokenizer) ?? this.held;
    return new PlayerManners(this.tokenizer, this.waits, held).#read(ids);
  }

  push(id: number): void {
    const { strikes, ms } = this.waits[id];
    this.#waited = strikes ? 0 : this.#waited + ms;
    this.held.push(id);
  }

  /** Of the ids that may come those that are mannerly: the key that is overdue goes up, and no wait is too long. */
  among(ids: readonly number[]): readonly number[] {
    const release = this.held.overdue.find((id) => ids.includes(id));
    if (release !== undefined) return [release];
    const soon = ids.filter((id) => this.waits[id].ms === 0 || this.#waited + this.waits[id].ms <= LONGEST_WAIT_MS);
    return soon.length > 0 ? soon : ids;
  }

  #read(ids: Iterable<number>): this {
    for (const id of ids) this.push(id);
    return this;
  }
}

function waitOf(names: readonly string[]): Wait {
  const words = names.map((name) => name.split('_'));
  const shifts = words.map(([word, value]) => (word === 'TimeShift' ? Number(value) : 0));
  return { strikes: words.some(([word]) => word === 'NoteOn'), ms: shifts.reduce((sum, ms) => sum + ms, 0) };
}
