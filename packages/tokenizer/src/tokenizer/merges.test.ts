import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnMerges } from './learn-merges.js';
import { GAP } from './linked-ids.js';
import { MAX_MERGED, MergeTable, type Merge } from './merge-table.js';

const NONE: ReadonlySet<number> = new Set();
const BASE = 4;
const pieces = fc.array(fc.array(fc.nat(BASE - 1), { maxLength: 40 }), { minLength: 1, maxLength: 5 });

const joined = (all: readonly number[][]): Int32Array => Int32Array.from(all.flatMap((ids) => [...ids, GAP]));

function take(ids: Int32Array, count: number, opening = NONE): Merge[] {
  const merges: Merge[] = [];
  for (const merge of learnMerges(ids, BASE, opening)) if (merges.push(merge) === count) break;
  return merges;
}

/** One merge after another over all pieces, counted anew each time: slow and plain. */
function naive(all: readonly number[][], count: number): { merges: Merge[]; rows: number[][] } {
  const merges: Merge[] = [];
  const spellings = Array.from({ length: BASE }, (_, id) => [id]);
  let rows = all.map((row) => [...row]);
  const refused = new Set<string>();
  while (merges.length < count) {
    const counts = new Map<string, number>();
    for (const row of rows) for (let i = 0; i + 1 < row.length; i += 1) {
      const pair = `${row[i]},${row[i + 1]}`;
      const long = spellings[row[i]].length + spellings[row[i + 1]].length > MAX_MERGED;
      if (!refused.has(pair) && !long) counts.set(pair, (counts.get(pair) ?? 0) + 1);
    } // prettier-ignore
    const [best] = [...counts].sort(([a, x], [b, y]) => {
      const [p, q] = [a, b].map((pair) => pair.split(',').map(Number));
      return y - x || p[0] - q[0] || p[1] - q[1];
    });
    if (best === undefined || best[1] < 2) break;
    const [left, right] = best[0].split(',').map(Number);
    const spelling = [...spellings[left], ...spellings[right]];
    if (spellings.some((known) => known.join() === spelling.join())) {
      refused.add(best[0]);
      continue;
    }
    const id = spellings.push(spelling) - 1;
    merges.push([left, right]);
    rows = rows.map((row) => {
      const out: number[] = [];
      for (let i = 0; i < row.length; i += 1) {
        if (row[i] === left && row[i + 1] === right) out.push(((i += 1), id));
        else out.push(row[i]);
      }
      return out;
    });
  }
  return { merges, rows };
}

describe('merges', () => {
  it('are those of byte-pair encoding done step by step, and so are the ids', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 30 }), (all, count) => {
        const { merges, rows } = naive(all, count);
        expect(take(joined(all), count)).toEqual(merges);
        const table = new MergeTable(BASE, merges);
        for (const [i, ids] of all.entries()) expect([...table.merge(ids)]).toEqual(rows[i]);
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('are undone exactly, for ids that they were not learned from too', () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(BASE - 1), { maxLength: 200 }), (all, other) => {
        const table = new MergeTable(BASE, take(joined(all), 20));
        expect(table.expand(table.merge(other))).toEqual(other);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it('join nothing to what opens a segment, nor across pieces, and none is longer than the limit', () => {
    const bars = Array.from({ length: 40 }, () => [0, 1, 2]).flat();
    const spelled = (merges: Merge[]): string[] => {
      const table = new MergeTable(BASE, merges);
      return merges.map((_, k) => [...table.spell(BASE + k)].join(''));
    };
    expect(spelled(take(joined([bars]), 100, new Set([0])))).toEqual(['01', '012']);
    expect(take(joined(Array.from({ length: 9 }, () => [1])), 100)).toEqual([]);
    const lengths = spelled(take(joined([Array.from({ length: 500 }, () => 3)]), 100)).map((name) => name.length);
    expect(Math.max(...lengths)).toBe(MAX_MERGED);
  });

  it.each<[string, Merge[]]>([
    ['ids that are not there yet', [[0, 4]]],
    ['negative ids', [[-1, 0]]],
    ['the same tokens twice', [[0, 1], [2, 3], [4, 5], [1, 2], [0, 7], [8, 3]]],
    ['endless tokens', [[0, 0], [4, 4], [5, 5], [6, 6], [7, 7], [8, 8]]],
  ])('refuse %s', (_, merges) => {
    expect(() => new MergeTable(BASE, merges)).toThrow(expect.objectContaining({ code: 'RONDO_TOKENIZER_FORMAT' }));
  }); // prettier-ignore

  it('take linear time: 100,000 ids of one kind', () => {
    const ids = new Int32Array(100_000).fill(1);
    const start = process.cpuUsage();
    const merges = take(ids, 5);
    expect(new MergeTable(BASE, merges).merge(ids).length).toBeLessThan(10_000);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });
});
