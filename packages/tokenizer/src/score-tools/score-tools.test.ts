import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreOf } from '../analysis/testing/score-of.js';
import type { Note, Score } from '../score/score.js';
import { TempoMap } from '../score/tempo-map.js';
import { scoreArbitrary } from '../testing/score-arbitrary.js';
import { BarMap } from './bars.js';
import { quantiseScore } from './quantise.js';
import { cutBars, cutScore, joinScores, sectionsOf } from './sections.js';
import { skylineBass, skylineMelody } from './skyline.js';
import { mergeByInstrument, mergeTracks, splitAtPitch, splitTrack } from './tracks.js';

/** Notes as [start, length, pitch] in quarters. */
const rows = (notes: readonly Note[], ticksPerQuarter = 100): number[][] =>
  notes.map(({ tick, duration, pitch }) => [tick / ticksPerQuarter, duration / ticksPerQuarter, pitch]);

const allNotes = (score: Score): Note[] => score.tracks.flatMap(({ notes }) => notes);

describe('BarMap', () => {
  it('follows changes of meter, also inside a bar', () => {
    const score = scoreOf([[0, 13, 60]]);
    score.timeSignatures = [
      { tick: 100, numerator: 3, denominator: 4 }, // after an upbeat of a quarter
      { tick: 700, numerator: 6, denominator: 8 },
      { tick: 1000, numerator: 5, denominator: 16 },
    ];
    expect([...new BarMap(score)].map(({ tick, length, numerator }) => [tick, length, numerator])).toEqual([
      [0, 100, 4],
      [100, 300, 3],
      [400, 300, 3],
      [700, 300, 6],
      [1000, 125, 5],
      [1125, 125, 5],
      [1250, 125, 5],
    ]);
    expect(new BarMap(scoreOf([])).count).toBe(0);
  });

  it('every tick lies in exactly the bar that is found for it, at any resolution', () => {
    fc.assert(
      fc.property(scoreArbitrary, fc.nat(20_000), (score, tick) => {
        const bars = new BarMap(score);
        const { index, tick: start, length } = bars.bar(bars.indexAt(tick));
        expect(start).toBeLessThanOrEqual(tick);
        expect(start + length).toBeGreaterThan(tick);
        expect(bars.bar(index + 1).tick).toBe(start + length);
      }),
      { seed: 1 },
    );
  });

  it('costs nothing for a piece of two thousand million ticks', () => {
    const score = { ...scoreOf([[0, 1, 60]]), ticksPerQuarter: 1, endTick: 2 ** 31 };
    expect(new BarMap(score).count).toBe(2 ** 29);
  });
});

describe('sections', () => {
  const score = scoreOf([[0, 2, 60], [3, 3, 62], [8, 1, 64]]); // prettier-ignore
  score.tempos = [{ tick: 0, microsecondsPerQuarter: 400_000 }, { tick: 500, microsecondsPerQuarter: 600_000 }]; // prettier-ignore

  it('cut notes at the bar lines and keep what holds there', () => {
    const middle = cutBars(score, 1, 2);
    expect(rows(allNotes(middle))).toEqual([[0, 2, 62]]);
    expect(middle.tempos).toEqual([{ tick: 0, microsecondsPerQuarter: 400_000 }, { tick: 100, microsecondsPerQuarter: 600_000 }]); // prettier-ignore
    expect(middle.endTick).toBe(400);
    expect(sectionsOf(score, 1).map((part) => allNotes(part).length)).toEqual([2, 1, 1]);
    expect(sectionsOf(score, 2).map(({ endTick }) => endTick)).toEqual([800, 100]);
  });

  it('joined again they sound the same: same time, and no note is lost or longer', () => {
    fc.assert(
      fc.property(scoreArbitrary, fc.integer({ min: 1, max: 4 }), (any, bars) => {
        const joined = joinScores(sectionsOf(any, bars));
        expect(joined.endTick).toBe(any.endTick);
        const sum = (all: Score): number => allNotes(all).reduce((total, { duration }) => total + duration, 0);
        expect(sum(joined)).toBe(sum(any));
        for (const tick of [0, any.endTick / 3, any.endTick])
          expect(TempoMap.of(joined).seconds(tick)).toBeCloseTo(TempoMap.of(any).seconds(tick), 6);
        if (any.ticksPerQuarter % 2 === 1) return; // an eighth is no whole number of ticks
        for (const [tick, numerator] of [...new BarMap(any)].map((bar) => [bar.tick, bar.numerator])) {
          const bar = new BarMap(joined).bar(new BarMap(joined).indexAt(tick));
          expect([bar.tick, bar.numerator]).toEqual([tick, numerator]);
        }
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('refuses an empty part', () => {
    expect(() => cutScore(score, 5, 5)).toThrow(RangeError);
    expect(() => sectionsOf(score, 0)).toThrow(/from 1 up/);
    expect(() => joinScores([score, { ...score, ticksPerQuarter: 99 }])).toThrow(/100 ticks to a quarter, got 99/);
  });
});

describe('quantiseScore', () => {
  it('moves onsets and ends to the nearest line, keeps at least one step, and lets no key overlap itself', () => {
    const score = scoreOf([[0.04, 0.9, 60], [0.96, 0.02, 60], [1.3, 0.6, 62], [1.34, 0.2, 62]]); // prettier-ignore
    expect(rows(allNotes(quantiseScore(score, { stepsPerQuarter: 4 })))).toEqual([
      [0, 1, 60],
      [1, 0.25, 60],
      [1.25, 0.75, 62],
    ]);
    const kept = quantiseScore(score, { stepsPerQuarter: 4, ends: false });
    expect(rows(allNotes(kept)).map(([, length]) => length)).toEqual([0.9, 0.02, 0.6]);
  });

  it('moves a part of the way, and raises the resolution where a step needs it', () => {
    const score = scoreOf([[0.3, 1, 60]]);
    const half = quantiseScore(score, { stepsPerQuarter: 4, strength: 0.5, ends: false });
    expect(allNotes(half)[0].tick).toBe(28);
    const triplets = quantiseScore(score, { stepsPerQuarter: 3 });
    expect(triplets.ticksPerQuarter).toBe(300);
    expect(rows(allNotes(triplets), 300)).toEqual([[1 / 3, 1, 60]]);
  });

  it('done again changes nothing', () => {
    fc.assert(
      fc.property(scoreArbitrary, fc.constantFrom(1, 3, 4, 12), (score, stepsPerQuarter) => {
        const once = quantiseScore(score, { stepsPerQuarter });
        expect(quantiseScore(once, { stepsPerQuarter })).toEqual(once);
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});

describe('tracks', () => {
  const piece = (): Score => {
    const score = scoreOf([[0, 2, 60], [1, 1, 72]]); // prettier-ignore
    const [track] = score.tracks;
    const low = { ...track, name: 'low', program: 33, notes: scoreOf([[0, 4, 40], [1, 3, 72]]).tracks[0].notes, pedals: [{ tick: 50, duration: 100 }] }; // prettier-ignore
    score.tracks = [{ ...track, name: 'high', pedals: [{ tick: 0, duration: 80 }] }, low, { ...track, isDrum: true }];
    return score;
  };

  it('merge into the first one; a key that both play is one note, overlapping pedals are one', () => {
    const merged = mergeTracks(piece());
    expect(merged.tracks.map(({ name, isDrum }) => [name, isDrum])).toEqual([['high', false], ['', true]]); // prettier-ignore
    expect(rows(merged.tracks[0].notes)).toEqual([[0, 4, 40], [0, 2, 60], [1, 3, 72]]); // prettier-ignore
    expect(merged.tracks[0].pedals).toEqual([{ tick: 0, duration: 150 }]);
    const twice = { ...piece(), tracks: [...piece().tracks, ...piece().tracks] };
    expect(mergeByInstrument(twice).tracks.map(({ program, isDrum }) => [program, isDrum])).toEqual([[0, false], [33, false], [0, true]]); // prettier-ignore
    expect(mergeByInstrument(piece())).toEqual(piece());
  });

  it('split by hands or by anything else, and merge back', () => {
    const hands = splitAtPitch(piece());
    expect(hands.tracks.map(({ notes }) => notes.length)).toEqual([2, 1, 1, 2]);
    const parts = splitTrack(piece().tracks[1], ({ pitch }) => pitch % 12);
    expect(parts.map(({ notes }) => notes[0].pitch)).toEqual([40, 72]);
    expect(mergeTracks({ ...piece(), tracks: parts }).tracks[0]).toEqual(piece().tracks[1]);
  });
});

describe('skyline', () => {
  // A melody over held chords, an inner voice that moves under a long note, and a bass.
  const score = scoreOf([[0, 1, 72], [0, 4, 64], [0, 4, 36], [1, 3, 76], [2, 1, 67], [4, 1, 71], [4, 2, 43]]); // prettier-ignore

  it('is the top line: what begins under a sounding note is no melody', () => {
    expect(rows(skylineMelody(score))).toEqual([[0, 1, 72], [1, 3, 76], [4, 1, 71]]); // prettier-ignore
    expect(rows(skylineBass(score))).toEqual([[0, 4, 36], [4, 2, 43]]); // prettier-ignore
  });

  it('is one voice made of the notes of the piece, and drums are no part of it', () => {
    fc.assert(
      fc.property(scoreArbitrary, (any) => {
        const starts = new Set(any.tracks.filter(({ isDrum }) => !isDrum).flatMap(({ notes }) => notes.map(({ tick, pitch }) => `${tick} ${pitch}`))); // prettier-ignore
        for (const line of [skylineMelody(any), skylineBass(any)]) {
          for (const [i, { tick, duration, pitch }] of line.entries()) {
            expect(starts.has(`${tick} ${pitch}`)).toBe(true);
            expect(duration).toBeGreaterThan(0);
            expect(tick + duration).toBeLessThanOrEqual(line[i + 1]?.tick ?? Infinity);
          }
        }
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});
