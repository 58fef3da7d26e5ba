import { seeded } from '../seeded.js';
import type { Note, Score } from '../score/score.js';

/** A score of notes on the quarters; each seed another one. */
export function tune(seed: number, length = 12, isDrum = false): Score {
  const notes: Note[] = Array.from({ length }, (_, i) => ({
    tick: i * 480,
    duration: 480,
    pitch: 48 + ((seed * 7 + i * (seed + 3) + (i % 3) * seed) % 25),
    velocity: 80,
  }));
  const track = { name: '', program: 0, isDrum, notes, pedals: [] };
  return {
    ticksPerQuarter: 480,
    tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    timeSignatures: [{ tick: 0, numerator: 3, denominator: 4 }],
    keySignatures: [],
    tracks: [track],
    endTick: length * 480,
  };
}

/** `count` tunes of forty notes in which pitches and lengths are drawn: none is another one transposed. */
export function drawnTunes(count: number): Score[] {
  const random = seeded(7);
  return Array.from({ length: count }, (_, seed) => {
    const score = tune(seed, 40);
    const notes = score.tracks[0].notes.map((note) => ({
      ...note,
      pitch: 48 + Math.floor(random() * 25),
      duration: 120 * Math.ceil(random() * 4),
    }));
    return { ...score, tracks: [{ ...score.tracks[0], notes }] };
  });
}
