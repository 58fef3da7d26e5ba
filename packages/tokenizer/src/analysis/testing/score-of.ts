import type { Score } from '../../score/score.js';

/** A piano score of notes given as [start, length, pitch], in quarters, at 120 quarters a minute. */
export function scoreOf(
  notes: readonly (readonly [start: number, length: number, pitch: number])[],
  isDrum = false,
): Score {
  const ticksPerQuarter = 100;
  const list = notes.map(([start, length, pitch]) => ({
    tick: start * ticksPerQuarter,
    duration: length * ticksPerQuarter,
    pitch,
    velocity: 80,
  }));
  return {
    ticksPerQuarter,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    tracks: [{ name: '', program: 0, isDrum, notes: list, pedals: [] }],
    endTick: list.reduce((end, { tick, duration }) => Math.max(end, tick + duration), 0),
  };
}
