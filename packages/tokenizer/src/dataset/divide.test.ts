import { describe, expect, it } from 'vitest';
import { dividePieces } from './divide.js';

const count = (names: readonly string[]): number[] =>
  ['train', 'valid', 'test'].map((name) => names.filter((other) => other === name).length);

describe('dividing pieces', () => {
  it('keeps the shares, and the same seed gives the same split', () => {
    expect(count(dividePieces(100, [80, 10, 10], 1))).toEqual([80, 10, 10]);
    expect(dividePieces(100, [80, 10, 10], 1)).toEqual(dividePieces(100, [80, 10, 10], 1));
    expect(dividePieces(100, [80, 10, 10], 1)).not.toEqual(dividePieces(100, [80, 10, 10], 2));
  });

  it('gives every split a piece as long as training keeps one', () => {
    expect([0, 1, 2, 3, 4].map((n) => count(dividePieces(n, [80, 10, 10], 3)))).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
      [2, 1, 1],
    ]);
    expect(count(dividePieces(10, [50, 0, 50], 3))).toEqual([5, 0, 5]);
  });

  it('refuses shares without training', () => {
    expect(() => dividePieces(5, [0, 50, 50], 1)).toThrow(expect.objectContaining({ code: 'RONDO_DATASET_OPTION' }));
    expect(() => dividePieces(5, [80, -10, 30], 1)).toThrow(/80\/-10\/30/);
  });
});
