import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CopyFinder } from './copies.js';
import { findLoop, longestRepetition } from './loops.js';

describe('longestRepetition', () => {
  it('finds the smallest period and how long it runs', () => {
    expect(longestRepetition([9, 8, 1, 2, 3, 1, 2, 3, 1, 2, 7])).toEqual({
      period: 3,
      start: 2,
      length: 8,
      repeats: 8 / 3,
    });
    expect(longestRepetition([5, 5, 5, 5, 5, 5])).toEqual({ period: 1, start: 0, length: 6, repeats: 6 });
    expect(longestRepetition([1, 2, 3, 4])).toBeUndefined();
  });

  it('finds any loop that was put in', () => {
    const unit = fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(unit, fc.integer({ min: 2, max: 9 }), fc.nat(20), (loop, repeats, lead) => {
        const ids = [
          ...Array.from({ length: lead }, (_, i) => 100 + i),
          ...Array(repeats).fill(loop).flat(),
        ] as number[];
        expect(longestRepetition(ids)).toEqual({
          period: loop.length,
          start: lead,
          length: loop.length * repeats,
          repeats,
        });
      }),
    );
  });

  it('calls only what goes on and on a loop', () => {
    const phrase = [1, 2, 3, 4, 5, 6, 7, 8];
    const times = (count: number) => Array(count).fill(phrase).flat() as number[];
    expect(findLoop(times(4))).toBeUndefined();
    expect(findLoop(times(8))).toMatchObject({ period: 8, repeats: 8 });
    expect(findLoop(times(4), { minRepeats: 3, minLength: 8 })).toMatchObject({ length: 32 });
  });
});

describe('CopyFinder', () => {
  it('finds the longest copied run and where it stands', () => {
    const finder = new CopyFinder([7, 1, 2, 3, 9, 1, 2]);
    finder.read([0, 1, 2, 4]);
    expect(finder.longest).toEqual({ length: 2, start: 1 });
    finder.read([5, 2, 3, 9, 1, 5]);
    expect(finder.longest).toEqual({ length: 4, start: 2 });
    finder.read([]);
    expect(new CopyFinder([]).longest).toEqual({ length: 0, start: 0 });
  });

  it('does not join two pieces of the corpus', () => {
    const finder = new CopyFinder([1, 2, 3, 4]);
    finder.read([1, 2]);
    finder.read([3, 4]);
    expect(finder.longest.length).toBe(2);
  });

  it('agrees with looking everywhere', () => {
    const ids = fc.array(fc.nat(3), { maxLength: 40 });
    fc.assert(
      fc.property(ids, fc.array(ids, { maxLength: 4 }), (generated, corpus) => {
        const text = (list: number[]) => list.join('');
        let longest = 0;
        for (let start = 0; start < generated.length; start++) {
          while (
            corpus.some(
              (piece) =>
                start + longest < generated.length &&
                text(piece).includes(text(generated.slice(start, start + longest + 1))),
            )
          ) {
            longest++;
          }
        }
        const finder = new CopyFinder(generated);
        for (const piece of corpus) finder.read(piece);
        const { length, start } = finder.longest;
        expect(length).toBe(longest);
        expect(
          longest === 0 || corpus.some((piece) => text(piece).includes(text(generated.slice(start, start + length)))),
        ).toBe(true);
      }),
    );
  });
});
