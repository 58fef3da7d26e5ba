import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairCounts, PairTable, type PairTallies } from './pair-counts.js';

describe('pair counts', () => {
  it.each<[string, number, (base: number) => PairTallies]>([
    ['hashed', 300, (base) => new PairCounts(base)],
    ['in a table', 99, (base) => new PairTable(base)],
  ])('%s: are those of a map, before and after a cut', (_, most, make) => {
    const pairs = fc.array(fc.tuple(fc.nat(most), fc.nat(99), fc.constantFrom(0, 1)), { maxLength: 3000 });
    fc.assert(
      fc.property(pairs, fc.nat(most), (all, limit) => {
        const counts = make(100);
        const map = new Map<string, number>();
        for (const [first, second, tally] of all) {
          counts.add(first, second, tally as 0 | 1);
          const key = `${first} ${second} ${tally}`;
          map.set(key, (map.get(key) ?? 0) + 1);
        }
        for (const [first, second, tally] of all) {
          expect(counts.get(first, second, tally as 0 | 1)).toBe(map.get(`${first} ${second} ${tally}`));
        }
        const listed = new Map<string, number>();
        counts.forEach((first, second, ...tallies) =>
          tallies.forEach((count, tally) => count > 0 && listed.set(`${first} ${second} ${tally}`, count)),
        );
        expect(listed).toEqual(map);
        counts.cut(limit);
        const left = all.filter(([first]) => first < limit);
        const different = new Set(left.map(([first, second]) => `${first} ${second}`)).size;
        expect(counts.size).toBe(counts instanceof PairTable ? 0 : different);
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
