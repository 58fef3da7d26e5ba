import fc from 'fast-check';
import type { Note, Score, Track } from '../score/score.js';

const METERS: readonly (readonly [number, number])[] = [
  [2, 4],
  [3, 4],
  [4, 4],
  [5, 8],
  [6, 8],
  [7, 8],
  [12, 8],
  [1, 4],
];

function byTick<T extends { tick: number }>(items: readonly T[]): T[] {
  const last = new Map(items.map((item) => [item.tick, item]));
  return [...last.values()].sort((a, b) => a.tick - b.tick);
}

function noteArbitrary(length: number): fc.Arbitrary<Note> {
  return fc.record({
    tick: fc.nat(length),
    duration: fc.integer({ min: 1, max: Math.ceil(length / 2) }),
    pitch: fc.oneof(fc.integer({ min: 48, max: 52 }), fc.nat(127)),
    velocity: fc.integer({ min: 1, max: 127 }),
  });
}

function trackArbitrary(length: number): fc.Arbitrary<Track> {
  return fc
    .record({
      isDrum: fc.boolean(),
      program: fc.constantFrom(0, 0, 24, 40, 127),
      notes: fc.array(noteArbitrary(length), { maxLength: 30 }),
      // Moments at which the pedal goes down and up by turns.
      feet: fc.uniqueArray(fc.nat(length), { maxLength: 6 }),
    })
    .map(({ isDrum, program, notes, feet }) => ({
      name: 'any',
      program,
      isDrum,
      notes: notes.sort((a, b) => a.tick - b.tick || a.pitch - b.pitch),
      pedals: feet
        .sort((a, b) => a - b)
        .flatMap((tick, i) => (i % 2 === 0 && i + 1 < feet.length ? [{ tick, duration: feet[i + 1] - tick }] : [])),
    }));
}

/** Scores with several programs, drums, upbeats and changes of meter and tempo at any tick. */
export const scoreArbitrary: fc.Arbitrary<Score> = fc
  .tuple(fc.constantFrom(24, 96, 120, 480, 25), fc.integer({ min: 1, max: 24 }))
  .chain(([ticksPerQuarter, quarters]) => {
    const length = ticksPerQuarter * quarters;
    const tick = fc.oneof(
      fc.nat(length),
      fc.nat(quarters).map((quarter) => quarter * ticksPerQuarter),
    );
    return fc.record({
      ticksPerQuarter: fc.constant(ticksPerQuarter),
      tempos: fc
        .array(fc.record({ tick, microsecondsPerQuarter: fc.integer({ min: 200_000, max: 3_000_000 }) }), {
          maxLength: 4,
        })
        .map(byTick),
      timeSignatures: fc
        .array(fc.record({ tick, meter: fc.constantFrom(...METERS) }), { maxLength: 4 })
        .map((list) =>
          byTick(list.map(({ tick, meter: [numerator, denominator] }) => ({ tick, numerator, denominator }))),
        ),
      keySignatures: fc.constant([]),
      tracks: fc.array(trackArbitrary(length), { maxLength: 4 }),
      endTick: fc.constant(2 * length),
    });
  });
