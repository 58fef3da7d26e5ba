import type { Score } from '../score/score.js';
import { decodeTrack, type EventTrack } from './events.js';
import type { GuardedTrack } from './track-guard.js';

/**
 * The guarded tracks a Score was read from. A Score is sorted and split by instrument, which loses the
 * order of simultaneous events and which track they shared; the tutorial's chord tokens depend on both.
 * They are kept beside the Score, not in it, so that equal scores stay equal and copies are plain data.
 */
const sources = new WeakMap<Score, readonly GuardedTrack[]>();

export function rememberSource(score: Score, tracks: readonly GuardedTrack[]): void {
  sources.set(score, tracks);
}

/** The events of the MIDI tracks `score` was read from, or undefined if it was made or copied. */
export function sourceEvents(score: Score): EventTrack[] | undefined {
  return sources.get(score)?.map(decodeTrack);
}
