// The bar that docs/tokens.md shows in every scheme: a chord, two louder eighths and a half note, 4/4, 120 quarters a minute.
const TICKS = 100; // to a quarter
const NOTES = [
  [0, 1, 60, 80],
  [0, 1, 64, 80],
  [0, 1, 67, 80],
  [1, 0.5, 72, 100],
  [1.5, 0.5, 71, 100],
  [2, 2, 67, 80],
];

export const QUARTERS = 4;

/** The Score of the bar. */
export function bar() {
  const notes = NOTES.map(([start, length, pitch, velocity]) => ({
    tick: start * TICKS,
    duration: length * TICKS,
    pitch,
    velocity,
  }));
  return {
    ticksPerQuarter: TICKS,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    tracks: [{ name: '', program: 0, isDrum: false, notes, pedals: [] }],
    endTick: QUARTERS * TICKS,
  };
}
