import { describe, expect, it } from 'vitest';
import { Permutation } from './permutation.js';

const order = (size: number, key: number[]) => {
  const permutation = new Permutation(size, key);
  return Array.from({ length: size }, (_, index) => permutation.at(index));
};

describe('Permutation', () => {
  it.each([1, 2, 3, 7, 64, 1000, 4097])('visits each of %i elements exactly once', (size) => {
    expect(new Set(order(size, [1, 2])).size).toBe(size);
    expect(Math.max(...order(size, [1, 2]))).toBe(size - 1);
  });

  it('gives the same order for the same key and another one for another', () => {
    expect(order(100, [5, 0])).toEqual(order(100, [5, 0]));
    expect(order(100, [5, 0])).not.toEqual(order(100, [5, 1]));
    expect(order(100, [5, 0])).not.toEqual(order(100, [6, 0]));
  });

  it('takes keys above 32 bits apart', () => {
    expect(order(100, [2 ** 40])).not.toEqual(order(100, [2 ** 41]));
  });

  it('shuffles: every element comes to every place about equally often', () => {
    const size = 5;
    const rounds = 2000;
    const seen = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (let key = 0; key < rounds; key++) {
      for (const [place, element] of order(size, [key]).entries()) {
        const row = seen[place] as number[];
        row[element] = (row[element] as number) + 1;
      }
    }
    // Standard deviation of a count is about 18.
    for (const count of seen.flat()) expect(Math.abs(count - rounds / size)).toBeLessThan(90);
  });

  it('handles domains beyond 32 bits', () => {
    const permutation = new Permutation(2 ** 40 + 3, [1]);
    const some = Array.from({ length: 1000 }, (_, index) => permutation.at(index));
    expect(new Set(some).size).toBe(1000);
    expect(some.every((value) => Number.isInteger(value) && value < permutation.size)).toBe(true);
    expect(some.some((value) => value > 2 ** 32)).toBe(true);
  });
});
