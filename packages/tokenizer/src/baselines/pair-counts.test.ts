import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairCounts } from './pair-counts.js';

describe('pair counts', () => {
  it('are those of a map, before and after a cut', () => {
    const pairs = fc.array(fc.tuple(fc.nat(300), fc.nat(99), fc.constantFrom(0, 1)), { maxLength: 3000 });
    fc.assert(
      fc.property(pairs, fc.nat(300), (all, limit) => {
        const counts = new PairCounts(100);
        const map = new Map<string, number>();
        for (const [first, second, tally] of all) {
          counts.add(first, second, tally as 0 | 1);
          const key = `${first} ${second} ${tally}`;
          map.set(key, (map.get(key) ?? 0) + 1);
        }
        for (const [first, second, tally] of all) {
          expect(counts.get(first, second, tally as 0 | 1)).toBe(map.get(`${first} ${second} ${tally}`));
        }
        counts.cut(limit);
        const left = all.filter(([first]) => first < limit);
        expect(counts.size).toBe(new Set(left.map(([first, second]) => `${first} ${second}`)).size);
        for (const [first, second, tally] of all) {
          const expected = first < limit ? map.get(`${first} ${second} ${tally}`) : 0;
          expect(counts.get(first, second, tally as 0 | 1)).toBe(expected);
        }
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('keep pairs of large numbers apart', () => {
    const counts = new PairCounts(65_536);
    for (let first = 0; first < 1000; first += 1) counts.add(65_535 - first, 65_535, 0);
    expect(counts.size).toBe(1000);
    expect(counts.get(65_535, 65_535, 0)).toBe(1);
    expect(counts.get(65_535, 65_534, 0)).toBe(0);
  });
});
