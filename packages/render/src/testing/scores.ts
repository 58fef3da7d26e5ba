import type { Note, Score, Track } from '@rondo/tokenizer';

/** Notes of a track from `[pitch, quarters, velocity?]`, one after the other; pitch 0 is a rest. */
export function line(notes: readonly (readonly [number, number, number?])[], ticksPerQuarter = 480): Note[] {
  let tick = 0;
  return notes.flatMap(([pitch, quarters, velocity = 80]) => {
    const note = { tick, duration: Math.round(quarters * ticksPerQuarter), pitch, velocity };
    tick += note.duration;
    return pitch === 0 ? [] : [note];
  });
}

/** A track with the defaults that tests do not care about. */
export function track(notes: Note[], rest: Partial<Track> = {}): Track {
  return { name: '', program: 0, isDrum: false, notes, pedals: [], ...rest };
}

/** A score of these tracks in 4/4 at 120 quarters a minute; it ends with its last note. */
export function scoreOf(tracks: Track[], rest: Partial<Score> = {}): Score {
  const ends = tracks.flatMap((part) => part.notes.map((note) => note.tick + note.duration));
  return {
    ticksPerQuarter: 480,
    tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    tracks,
    endTick: Math.max(0, ...ends),
    ...rest,
  };
}

/** Two hands over `bars` bars of 4/4 that change in pitch, length and loudness; the same at every call. */
export function twoHands(bars: number): Score {
  const scale = [0, 2, 4, 5, 7, 9, 11];
  const melody = Array.from({ length: bars * 6 }, (_, index): [number, number, number] => {
    const degree = (index * 5 + (index % 7) * 3) % 14;
    const pitch = 60 + 12 * Math.floor(degree / 7) + scale[degree % 7];
    return [pitch, index % 3 === 2 ? 1 : 0.5, 45 + ((index * 29) % 80)];
  });
  const chords = Array.from({ length: bars }, (_, bar) =>
    [0, 4, 7].map((step) => ({
      tick: bar * 1920,
      duration: 1900,
      pitch: 43 + [0, 5, 7, 2][bar % 4] + step,
      velocity: 50 + (bar % 5) * 8,
    })),
  ).flat();
  return scoreOf(
    [
      track(line(melody), { name: 'Right hand' }),
      track(chords, { name: 'Left hand', pedals: [{ tick: 0, duration: 1800 }] }),
    ],
    { endTick: bars * 1920 },
  );
}
