import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSets, FEATURES } from './compare-sets.js';
import { densities, likeness } from './distributions.js';
import { musicMetrics } from './metrics.js';
import { scoreOf } from './testing/score-of.js';

const sample = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 });

describe('likeness of two samples', () => {
  it('is whole for the same sample, in any order', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const same = likeness(values, [...values].reverse());
        expect(same?.overlap).toBeCloseTo(1, 6);
        expect(same?.divergence).toBeCloseTo(0, 6);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('has a symmetric overlap from 0 to 1 and a divergence from 0 up, whatever the scale', () => {
    fc.assert(
      fc.property(sample, sample, fc.constantFrom(0.001, 1, 1000), (a, b, scale) => {
        const [there, back] = [likeness(a, b), likeness(b, a)];
        expect(there?.overlap).toBeCloseTo(back?.overlap as number, 9);
        expect((there?.overlap as number) >= 0 && (there?.overlap as number) <= 1).toBe(true);
        expect(there?.divergence).toBeGreaterThanOrEqual(0);
        const scaled = likeness(a.map((value) => value * scale), b.map((value) => value * scale)); // prettier-ignore
        expect(scaled?.overlap).toBeCloseTo(there?.overlap as number, 4);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('of two normal samples is close to what the formulas say', () => {
    // Quantiles of N(0, 1) and N(1, 1): overlap 2 Φ(−½) = 0.617, divergence ½; kernels widen both a little.
    const normal = Array.from({ length: 400 }, (_, i) => quantile((i + 0.5) / 400));
    const moved = normal.map((value) => value + 1);
    const found = likeness(normal, moved);
    expect(found?.overlap).toBeGreaterThan(0.6);
    expect(found?.overlap).toBeLessThan(0.66);
    expect(found?.divergence).toBeGreaterThan(0.38);
    expect(found?.divergence).toBeLessThan(0.5);
  });

  it('is nothing for samples that lie apart, and null without a sample', () => {
    expect(likeness([0, 1, 2], [1000, 1001])?.overlap).toBeLessThan(0.2);
    expect(likeness([5, 5, 5], [5, 5])?.overlap).toBeCloseTo(1, 6);
    expect(likeness([], [1])).toBeNull();
  });

  it('densities cover one unit of area each', () => {
    const { x, y } = densities([[1, 2, 3], [], [2, 9]]) as NonNullable<ReturnType<typeof densities>>;
    const step = x[1] - x[0];
    expect(y.map((row) => row.reduce((sum, value) => sum + value * step, 0))).toEqual([
      expect.closeTo(1, 9),
      0,
      expect.closeTo(1, 9),
    ]);
  });
});

/** Inverse of the normal distribution function, by bisection of its series (Marsaglia 2004). */
function quantile(share: number): number {
  const phi = (x: number): number => {
    let [term, sum] = [x, x];
    for (let i = 3; i < 120; i += 2) sum += term *= (x * x) / i;
    return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
  };
  let [low, high] = [-6, 6];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (phi(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

describe('compareSets', () => {
  it('has mean and deviation of every feature, and each pair of sets', () => {
    const piece = (top: number) =>
      musicMetrics(
        scoreOf([
          [0, 1, 60],
          [1, 1, top],
        ]),
      );
    const sets = [
      { name: 'generated', pieces: [piece(62), piece(66)] },
      { name: 'training', pieces: [piece(64)] },
      { name: 'held-out', pieces: [] },
    ];
    const table = compareSets(sets);
    expect(table.map(({ feature }) => feature)).toEqual(FEATURES.map(([name]) => name));
    const [range] = table;
    expect(range.sets).toEqual({
      generated: { pieces: 2, mean: 4, deviation: Math.SQRT2 * 2 },
      training: { pieces: 1, mean: 4, deviation: 0 },
      'held-out': { pieces: 0, mean: null, deviation: null },
    });
    expect(Object.keys(range.likeness)).toEqual([
      'generated vs. training',
      'generated vs. held-out',
      'training vs. held-out',
    ]);
    expect(range.likeness['generated vs. held-out']).toBeNull();
  });
});
