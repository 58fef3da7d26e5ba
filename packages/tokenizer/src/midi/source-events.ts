import type { Score } from '../score/score.js';
import { decodeTrack, type EventTrack, type TimedEvent } from './events.js';
import type { GuardedTrack } from './track-guard.js';

interface Source {
  tracks: readonly GuardedTrack[];
  /** Semitones by which the Score lies above its file. */
  transpose: number;
}

/**
 * The guarded tracks a Score was read from. A Score is sorted and split by instrument, which loses the
 * order of simultaneous events and which track they shared; the tutorial's chord tokens depend on both.
 * They are kept beside the Score, not in it, so that equal scores stay equal and copies are plain data.
 */
const sources = new WeakMap<Score, Source>();
const DRUM_CHANNEL = 9;

export function rememberSource(score: Score, tracks: readonly GuardedTrack[]): void {
  sources.set(score, { tracks, transpose: 0 });
}

/** Says that `copy` is `original` moved by `transpose` semitones, so that it is read in the same order. */
export function carrySource(original: Score, copy: Score, transpose = 0): void {
  const source = sources.get(original);
  if (source) sources.set(copy, { ...source, transpose: source.transpose + transpose });
}

/** The events of the MIDI tracks `score` was read from, or undefined if it was made or plainly copied. */
export function sourceEvents(score: Score): EventTrack[] | undefined {
  const source = sources.get(score);
  if (!source) return undefined;
  const tracks = source.tracks.map(decodeTrack);
  if (source.transpose === 0) return tracks;
  return tracks.map((track) => ({ ...track, events: moveNotes(track.events, source.transpose) }));
}

function moveNotes(events: readonly TimedEvent[], semitones: number): TimedEvent[] {
  return events.flatMap(({ tick, event }) => {
    if ((event.type !== 'noteOn' && event.type !== 'noteOff') || event.channel === DRUM_CHANNEL) {
      return [{ tick, event }];
    }
    const noteNumber = event.noteNumber + semitones;
    return noteNumber < 0 || noteNumber > 127 ? [] : [{ tick, event: { ...event, noteNumber } }];
  });
}
