import type { Note, Score } from '../score/score.js';

/** All notes that have a pitch (drums left out), sorted by tick. */
export function pitchedNotes(score: Score): Note[] {
  return score.tracks
    .filter((track) => !track.isDrum)
    .flatMap((track) => track.notes)
    .sort((a, b) => a.tick - b.tick || a.pitch - b.pitch);
}

/** How often each of the twelve pitch classes sounds; `weight` is 1 a note, or its length in quarters. */
export function pitchClassHistogram(score: Score, weight: 'notes' | 'duration' = 'notes'): number[] {
  const counts = new Array<number>(12).fill(0);
  for (const { pitch, duration } of pitchedNotes(score)) {
    counts[pitch % 12] += weight === 'notes' ? 1 : duration / score.ticksPerQuarter;
  }
  return counts;
}
