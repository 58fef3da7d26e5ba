import { type KeyHistory, openKeys, type Tokenizer } from '@rondo/tokenizer';
import type { Start } from '../prime.js';

/**
 * A key that is down for so many milliseconds goes up. Of the keys of MAESTRO, pedal included, one in a thousand is held
 * longer. A network that lost sight of a key never lets it go: a sample far from its training is enough for that, and over
 * ten minutes they would become a cluster of all keys.
 */
const LONGEST_KEY_MS = 10_000;
/** The same for the pedal: one in a thousand is down for over 13 seconds. */
const LONGEST_PEDAL_MS = 15_000;
/**
 * A performance that begins from nothing is silent for so long at most. Recordings are: every held-out piece of MAESTRO
 * begins after 0 to 1.1 seconds, samples after up to eight. None at all makes the music that follows denser and more
 * wayward, since networks have hardly seen that.
 */
const LONGEST_OPENING_MS = 1000;
/**
 * A search waits for no longer than this for the next key. Waiting is what is likeliest, again and again: without a bound
 * the likeliest performance is silence. Of the gaps between keys in real ones, hardly any is longer.
 */
const LONGEST_SEARCHED_MS = 4000;

/** Tokens of a vocabulary as far as they let go or wait. */
interface Means {
  /** Pitch → id. */
  readonly offs: ReadonlyMap<number, number>;
  readonly pedalOff: number | undefined;
  /** Ids that begin with a wait, and its milliseconds. */
  readonly waits: readonly { readonly id: number; readonly ms: number }[];
}

/**
 * How a piece of the scheme `performance` is played, as far as networks lose sight of it: nothing but a token of its own ends a
 * note there, or a silence.
 */
export class PlayerManners {
  private constructor(
    private readonly keys: KeyHistory,
    private readonly means: Means,
    /** How long a silence may be once there was music, in ms. */
    private readonly longestSilence: number,
    private readonly goesOn: boolean,
  ) {}

  /**
   * Of what goes on from a start; undefined for schemes whose notes are written with their lengths.
   * @param searched whether the likeliest piece is looked for
   */
  static after(tokenizer: Tokenizer, { context, piece }: Start, searched = false): PlayerManners | undefined {
    const keys = openKeys(tokenizer);
    if (keys === undefined) return undefined;
    const strikes = (id: number): boolean => keys.eventsOf(id).some((event) => 'down' in event);
    const longest = searched ? LONGEST_SEARCHED_MS : Infinity;
    const manners = new PlayerManners(keys, meansOf(tokenizer, keys), longest, context.some(strikes));
    for (const id of piece) manners.push(id);
    return manners;
  }

  push(id: number): void {
    this.keys.push(id);
  }

  clone(): PlayerManners {
    return new PlayerManners(this.keys.clone(), this.means, this.longestSilence, this.goesOn);
  }

  /** Ids that let go of the keys that are down for too long, from low to high, and then of the pedal. */
  get overdue(): number[] {
    const { offs, pedalOff } = this.means;
    const pitches = this.keys.downFor(LONGEST_KEY_MS).sort((a, b) => a - b);
    const keys = pitches.flatMap((pitch) => offs.get(pitch) ?? []);
    const pedalIsOverdue = pedalOff !== undefined && (this.keys.pedalFor ?? 0) >= LONGEST_PEDAL_MS;
    return pedalIsOverdue ? [...keys, pedalOff] : keys;
  }

  /** Ids that would wait for too long. */
  get tooLong(): number[] {
    const longest = this.goesOn || this.keys.hasBegun ? this.longestSilence : LONGEST_OPENING_MS;
    if (longest === Infinity) return [];
    const left = longest - this.keys.silentFor;
    return this.means.waits.flatMap(({ id, ms }) => (ms > left ? [id] : []));
  }

  /** Of the ids that may come those that are mannerly; all where none is. */
  among(ids: readonly number[]): readonly number[] {
    const release = this.overdue.find((id) => ids.includes(id));
    if (release !== undefined) return [release];
    const tooLong = new Set(this.tooLong);
    const soon = ids.filter((id) => !tooLong.has(id));
    return soon.length > 0 ? soon : ids;
  }
}

function meansOf({ vocabulary }: Tokenizer, keys: KeyHistory): Means {
  const ids = Array.from({ length: vocabulary.size }, (_, id) => id);
  const offs = ids.flatMap((id): [number, number][] => {
    const [first, ...more] = keys.eventsOf(id);
    return first !== undefined && 'up' in first && more.length === 0 ? [[first.up, id]] : [];
  });
  const waits = ids.map((id) => ({ id, ms: waitOf(keys, id) })).filter(({ ms }) => ms > 0);
  return { offs: new Map(offs), pedalOff: vocabulary.id('PedalOff'), waits };
}

/** Milliseconds of the waits that a token begins with. */
function waitOf(keys: KeyHistory, id: number): number {
  let ms = 0;
  for (const event of keys.eventsOf(id)) {
    if (!('wait' in event)) break;
    ms += event.wait;
  }
  return ms;
}
