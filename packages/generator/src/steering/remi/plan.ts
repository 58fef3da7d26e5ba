import type { PitchLaw, Wishes } from '../wishes.js';
import type { SatbLaw } from '../satb.js';
import type { RemiVocabulary } from './tokens.js';

/** A note that has to come: `at` in positions from the start of the piece. */
export interface ForcedNote {
  readonly at: number;
  readonly group: number;
  readonly pitch: number;
  /** Length in positions as the vocabulary spells it. */
  readonly length: number;
  /** Id of its velocity; -1 where the scheme has none. */
  readonly velocity: number;
}

/** Bars, tempos and notes that are given. */
export interface Script {
  /** Id of the meter that begins with a bar (by number). */
  readonly meters: ReadonlyMap<number, number>;
  /** Id of the tempo that begins at a position. */
  readonly tempos: ReadonlyMap<number, number>;
  /** Sorted by position, group and pitch. */
  readonly notes: readonly ForcedNote[];
  readonly bars: number;
}

/** What all states of one generation share. */
export interface RemiPlan {
  readonly vocabulary: RemiVocabulary;
  readonly wishes: Wishes;
  readonly law: PitchLaw;
  /** Groups that new notes may have, rising. */
  readonly groups: readonly number[];
  /** Groups of each instrument that has to play. */
  readonly players: readonly (readonly number[])[];
  readonly script?: Script;
  readonly satb?: SatbLaw;
  /** Whether a voice may end at a position (1): another note can be spelt there, or the melody is over. */
  readonly voiceEnds?: Uint8Array;
  /** Number of the first new bar. */
  readonly firstBar: number;
  /** Number of the last bar; undefined where `seconds` decide, or nothing. */
  readonly lastBar?: number;
  /** Id of the meter and of the tempo that were asked for; -1 where they are free. */
  readonly meter: number;
  readonly tempo: number;
}
