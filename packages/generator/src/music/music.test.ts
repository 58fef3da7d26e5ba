import type { Note, Score } from '@rondo/tokenizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanScore } from './clean-score.js';
import { longestCopy, type ReadableIds } from './longest-copy.js';
import { barOf, barTick, secondsAt, tickAt } from './score-time.js';

const base: Score = { ticksPerQuarter: 12, tempos: [], timeSignatures: [], keySignatures: [], tracks: [], endTick: 0 };

function scoreOf(notes: Note[], more: Partial<Score> = {}): Score {
  const track = { name: '', program: 0, isDrum: false, notes, pedals: [{ tick: 0, duration: 10_000 }] };
  return { ...base, tracks: [track], endTick: 10_000, ...more };
}

describe('the time of a score', () => {
  const score: Score = {
    ...base,
    tempos: [
      { tick: 0, microsecondsPerQuarter: 1_000_000 },
      { tick: 24, microsecondsPerQuarter: 250_000 },
    ],
    timeSignatures: [
      { tick: 0, numerator: 3, denominator: 4 },
      { tick: 72, numerator: 6, denominator: 8 },
    ],
  };

  it('follows the tempos, with 120 a minute before the first', () => {
    expect(secondsAt(score, 24)).toBeCloseTo(2, 12);
    expect(secondsAt(score, 36)).toBeCloseTo(2.25, 12);
    expect(secondsAt({ ...base, tempos: [{ tick: 12, microsecondsPerQuarter: 1e6 }] }, 24)).toBeCloseTo(1.5, 12);
  });

  it('is the inverse of the ticks', () => {
    for (const tick of [0, 1, 23, 24, 25, 100]) expect(tickAt(score, secondsAt(score, tick))).toBe(tick);
    expect(tickAt(score, 2.2)).toBe(34); // 2.2 s lies between ticks 33 and 34
  });

  it('has bars of the meter', () => {
    expect([0, 1, 2, 3, 4].map((bar) => barTick(score, bar))).toEqual([0, 36, 72, 108, 144]);
    expect([0, 35, 36, 71, 72, 107, 108].map((tick) => barOf(score, tick))).toEqual([0, 0, 1, 1, 2, 2, 3]);
    expect(barTick(base, 2)).toBe(96);
  });
});

describe('a clean score', () => {
  const note = fc.record({
    tick: fc.integer({ min: 0, max: 200 }),
    duration: fc.integer({ min: -5, max: 300 }),
    pitch: fc.integer({ min: 58, max: 62 }),
    velocity: fc.integer({ min: -10, max: 200 }),
  });

  it('has no hanging, empty, silent or overlapping note, whatever went in, and keeps every onset before the end', () => {
    fc.assert(
      fc.property(fc.array(note, { maxLength: 30 }), fc.option(fc.integer({ min: 1, max: 250 })), (notes, end) => {
        const before = structuredClone(notes);
        const clean = cleanScore(scoreOf(notes), end ?? Infinity);
        expect(notes).toEqual(before);
        const out = clean.tracks.flatMap((track) => track.notes);
        for (const [i, { tick, duration, pitch, velocity }] of out.entries()) {
          expect(duration).toBeGreaterThanOrEqual(1);
          expect(tick + duration).toBeLessThanOrEqual(Math.min(clean.endTick, end ?? Infinity));
          expect(velocity).toBeGreaterThanOrEqual(1);
          expect(velocity).toBeLessThanOrEqual(127);
          const next = out.slice(i + 1).find((other) => other.pitch === pitch);
          if (next !== undefined) expect(tick + duration).toBeLessThanOrEqual(next.tick);
        }
        const onsets = (list: Note[]) =>
          [...new Set(list.map(({ tick, pitch }) => tick * 128 + pitch))].sort((a, b) => a - b);
        expect(onsets(out)).toEqual(onsets(notes.filter(({ tick }) => tick < (end ?? Infinity))));
        for (const { pedals } of clean.tracks) {
          for (const { tick, duration } of pedals) expect(tick + duration).toBeLessThanOrEqual(clean.endTick);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('cuts a sounding note at the end and leaves out what comes later', () => {
    const notes = [
      { tick: 0, duration: 100, pitch: 60, velocity: 80 },
      { tick: 50, duration: 10, pitch: 64, velocity: 80 },
    ];
    const clean = cleanScore(scoreOf(notes), 48);
    expect(clean.tracks[0].notes).toEqual([{ tick: 0, duration: 48, pitch: 60, velocity: 80 }]);
    expect(clean.endTick).toBe(48);
  });

  it('of nothing is empty', () => {
    expect(cleanScore(scoreOf([]))).toMatchObject({ tracks: [] });
  });
});

describe('the longest copy', () => {
  const readable = (ids: number[]): ReadableIds => ({
    tokens: ids.length,
    read: (position, count, out, offset = 0) => out.set(ids.slice(position, position + count), offset),
  });

  it('is what comparing everything with everything finds', () => {
    const naive = (a: number[], b: number[]) => {
      let best = 0;
      for (let i = 0; i < a.length; i++) {
        for (let j = 0; j < b.length; j++) {
          let n = 0;
          while (i + n < a.length && j + n < b.length && a[i + n] === b[j + n]) n++;
          best = Math.max(best, n);
        }
      }
      return best;
    };
    const ids = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 });
    fc.assert(
      fc.property(ids, ids, (piece, training) => {
        const { length, start, source } = longestCopy(piece, readable(training));
        expect(length).toBe(naive(piece, training));
        expect(piece.slice(start, start + length)).toEqual(training.slice(source, source + length));
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it('is found across pages', () => {
    const training = Array.from({ length: 100_000 }, (_, i) => i);
    const piece = [5, ...training.slice(32_760, 32_790), 5];
    expect(longestCopy(piece, readable(training))).toEqual({ length: 30, start: 1, source: 32_760 });
  });
});
