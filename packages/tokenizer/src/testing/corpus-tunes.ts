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

/** A tune of 24 bars of 3/4 with a bass (two tracks) and drums; these wait two bars, and for three in the middle. */
export function band(seed: number): Score {
  const score = tune(seed, 72);
  const part = (from: number, program: number, isDrum: boolean) => ({
    ...tune(seed + from, 1).tracks[0],
    program,
    isDrum,
    notes: tune(seed + from, 72, isDrum).tracks[0].notes.map((note) => ({ ...note, pitch: note.pitch - 12 })),
  });
  const isHeard = ({ tick }: { tick: number }): boolean => {
    const bar = Math.floor(tick / 1440);
    return bar >= 2 && !(bar >= 10 && bar < 13) && bar !== 18;
  };
  const drums = part(50, 0, true);
  const bass = part(20, 33, false);
  const [low, high] = [0, 1].map((odd) => ({
    ...bass,
    name: `bass ${odd}`,
    notes: bass.notes.filter((_, i) => i % 2 === odd),
  }));
  return { ...score, tracks: [...score.tracks, low, { ...drums, notes: drums.notes.filter(isHeard) }, high] };
}
