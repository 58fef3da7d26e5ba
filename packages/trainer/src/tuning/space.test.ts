import { describe, expect, it } from 'vitest';
import { DEFAULT_SPACE, POINT_NAMES, resolveSpace, samplePoint } from './space.js';

const points = (space: ReturnType<typeof resolveSpace>, seed = 1) =>
  Array.from({ length: 400 }, (_, index) => samplePoint(space, seed, index + 1));

describe('samplePoint', () => {
  it('stays in its domains and reaches all of a list', () => {
    const drawn = points(DEFAULT_SPACE);
    for (const { dropout, inputDropout, learningRate } of drawn) {
      expect(dropout).toBeGreaterThanOrEqual(0);
      expect(dropout).toBeLessThanOrEqual(0.5);
      expect(inputDropout).toBeLessThanOrEqual(0.2);
      expect(learningRate).toBeGreaterThanOrEqual(5e-4);
      expect(learningRate).toBeLessThanOrEqual(1e-2);
    }
    expect(new Set(drawn.map(({ units }) => units))).toEqual(new Set(DEFAULT_SPACE.units as number[]));
    expect(new Set(drawn.map(({ layers }) => layers))).toEqual(new Set([1, 2, 3]));
  });

  it('draws a logarithmic range evenly over its decades', () => {
    const drawn = points(resolveSpace({ learningRate: { from: 1e-4, to: 1e-2, log: true } }));
    const below = drawn.filter(({ learningRate }) => learningRate < 1e-3).length / drawn.length;
    expect(below).toBeGreaterThan(0.4);
    expect(below).toBeLessThan(0.6);
  });

  it('depends on the seed and the number of the trial alone', () => {
    const space = resolveSpace({ units: { from: 16, to: 512, log: true }, batch: { from: 4, to: 9 } });
    expect(points(space)).toEqual(points(space));
    expect(points(space, 2)).not.toEqual(points(space));
    expect(points(space).every(({ units, batch }) => Number.isInteger(units) && Number.isInteger(batch))).toBe(true);
    expect(new Set(points(space).map(({ batch }) => batch))).toEqual(new Set([4, 5, 6, 7, 8, 9]));
  });

  it('moves one value without moving the others', () => {
    const wide = points(resolveSpace({}));
    const narrow = points(resolveSpace({ units: 64 }));
    for (const [index, point] of wide.entries()) expect(narrow[index]).toEqual({ ...point, units: 64 });
  });
});

describe('resolveSpace', () => {
  it.each([
    [{ width: [1] }, /no "width"; there are: layers, units/],
    [{ units: 'many' }, /units: expected a number, a list of numbers, or/],
    [{ units: [] }, /units: expected/],
    [{ units: [12.5] }, /units: expected whole numbers from 1 to 4096, received 12.5/],
    [{ dropout: 1 }, /dropout: expected numbers from 0 to 0.95, received 1/],
    [{ tied: 2 }, /tied: expected whole numbers from 0 to 1, received 2/],
    [{ dropout: { from: 0.5, to: 0.1 } }, /dropout: the range goes from 0.5 down to 0.1/],
    [{ dropout: { from: 0, to: 0.1, log: true } }, /logarithmic range must begin above 0/],
    [[1], /must be a mapping/],
  ])('refuses %j', (space, message) => {
    expect(() => resolveSpace(space)).toThrow(message);
  });

  it('keeps what is not given', () => {
    expect(Object.keys(resolveSpace({ layers: 2 }))).toEqual(POINT_NAMES);
    expect(resolveSpace({ layers: 2 })).toEqual({ ...DEFAULT_SPACE, layers: 2 });
  });
});
