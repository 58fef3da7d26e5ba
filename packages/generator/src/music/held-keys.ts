import { type KeyHistory, openKeys, type Tokenizer } from '@rondo/tokenizer';

/**
 * A key that is down for so many milliseconds goes up. Of the keys of MAESTRO, pedal included, one in a thousand is held
 * longer. A network that lost sight of a key never lets it go: a sample far from its training is enough for that, and over
 * ten minutes they would become a cluster of all keys.
 */
const LONGEST_MS = 10_000;
/** The same for the pedal: one in a thousand is down for over 13 seconds. */
const LONGEST_PEDAL_MS = 15_000;

/** The keys and the pedal that are down in a piece of the scheme `performance`, where nothing but a token of its own ends a note. */
export class HeldKeys {
  private constructor(
    private readonly keys: KeyHistory,
    private readonly offs: ReadonlyMap<number, number>,
    private readonly pedalOff: number | undefined,
  ) {}

  /** Undefined for schemes whose notes are written with their lengths. */
  static of(tokenizer: Tokenizer): HeldKeys | undefined {
    const keys = openKeys(tokenizer);
    if (keys === undefined) return undefined;
    const offs = new Map<number, number>();
    for (const [id, name] of tokenizer.vocabulary.tokens.entries()) {
      const [word, pitch] = name.split('_');
      if (word === 'NoteOff') offs.set(Number(pitch), id);
    }
    return new HeldKeys(keys, offs, tokenizer.vocabulary.id('PedalOff'));
  }

  push(id: number): void {
    this.keys.push(id);
  }

  /** Ids that let go of the keys that are down for too long, from low to high, and then of the pedal. */
  get overdue(): number[] {
    const pitches = this.keys.downFor(LONGEST_MS).sort((a, b) => a - b);
    const keys = pitches.flatMap((pitch) => this.offs.get(pitch) ?? []);
    const pedalIsOverdue = this.pedalOff !== undefined && (this.keys.pedalFor ?? 0) >= LONGEST_PEDAL_MS;
    return pedalIsOverdue ? [...keys, this.pedalOff] : keys;
  }
}
