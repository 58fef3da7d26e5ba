import type { Tokenizer } from '@rondo/tokenizer';

/**
 * A key that is down for so many milliseconds goes up. Of the keys of MAESTRO, pedal included, one in a thousand is held
 * longer. A network that lost sight of a key never lets it go: a sample far from its training is enough for that, and over
 * ten minutes they would become a cluster of all keys.
 */
const LONGEST_MS = 10_000;

/** The keys that are down in a piece of the scheme `performance`, where nothing but a token of its own ends a note. */
export class HeldKeys {
  readonly #since = new Map<number, number>(); // pitch → ms
  #now = 0;

  private constructor(
    private readonly tokenizer: Tokenizer,
    private readonly offs: ReadonlyMap<number, number>,
  ) {}

  /** Undefined for schemes whose notes are written with their lengths. */
  static of(tokenizer: Tokenizer): HeldKeys | undefined {
    if (tokenizer.scheme.name !== 'performance') return undefined;
    const offs = new Map<number, number>();
    for (const [id, name] of tokenizer.vocabulary.tokens.entries()) {
      const [word, pitch] = name.split('_');
      if (word === 'NoteOff') offs.set(Number(pitch), id);
    }
    return new HeldKeys(tokenizer, offs);
  }

  push(id: number): void {
    for (const name of this.tokenizer.spell(id)) {
      const [word, value] = name.split('_');
      if (word === 'TimeShift') this.#now += Number(value);
      else if (word === 'NoteOn') this.#since.set(Number(value), this.#now);
      else if (word === 'NoteOff') this.#since.delete(Number(value));
    }
  }

  /** Ids of the keys that are down for too long, from low to high. */
  get overdue(): number[] {
    const pitches = [...this.#since].flatMap(([pitch, since]) => (this.#now - since >= LONGEST_MS ? [pitch] : []));
    return pitches.sort((a, b) => a - b).flatMap((pitch) => this.offs.get(pitch) ?? []);
  }
}
