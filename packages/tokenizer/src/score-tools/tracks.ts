import type { Note, Score, Track } from '../score/score.js';
import { joinPedals } from './pedals.js';
import { withoutOverlaps } from './quantise.js';

/**
 * One track for all notes of those tracks that `select` takes (all pitched ones by default); it has the name and program
 * of the first and stands in its place. Of notes on one place and key the longest stays; pedals that overlap are one.
 */
export function mergeTracks(score: Score, select: (track: Track) => boolean = ({ isDrum }) => !isDrum): Score {
  const chosen = score.tracks.filter(select);
  if (chosen.length < 2) return score;
  const [first] = chosen;
  const merged: Track = {
    ...first,
    notes: withoutOverlaps(chosen.flatMap(({ notes }) => notes)),
    pedals: joinPedals(chosen.flatMap(({ pedals }) => pedals)),
  };
  const others = new Set(chosen.slice(1));
  const tracks = score.tracks.filter((track) => !others.has(track)).map((track) => (track === first ? merged : track));
  return { ...score, tracks };
}

/** One track for each program (and one for percussion), in the order in which they first appear. */
export function mergeByInstrument(score: Score): Score {
  const key = ({ isDrum, program }: Track): number => (isDrum ? -1 : program);
  const keys = new Set(score.tracks.map(key));
  return [...keys].reduce((merged, wanted) => mergeTracks(merged, (track) => key(track) === wanted), score);
}

/**
 * A track for each value that `part` gives to the notes of a track, in the order of the values' first notes. Every part
 * keeps the name, program and pedals.
 */
export function splitTrack(track: Track, part: (note: Note) => string | number): Track[] {
  const parts = new Map<string | number, Note[]>();
  for (const note of track.notes) {
    const key = part(note);
    const notes = parts.get(key);
    if (notes === undefined) parts.set(key, [note]);
    else notes.push(note);
  }
  return [...parts.values()].map((notes) => ({ ...track, notes }));
}

/** Every pitched track as an upper part (from `pitch` up) and a lower one, as two hands; empty parts are left out. */
export function splitAtPitch(score: Score, pitch = 60): Score {
  const hands = (track: Track): Track[] => {
    const upper = { ...track, notes: track.notes.filter((note) => note.pitch >= pitch) };
    const lower = { ...track, notes: track.notes.filter((note) => note.pitch < pitch) };
    return [upper, lower].filter(({ notes }) => notes.length > 0);
  };
  return { ...score, tracks: score.tracks.flatMap((track) => (track.isDrum ? [track] : hands(track))) };
}
