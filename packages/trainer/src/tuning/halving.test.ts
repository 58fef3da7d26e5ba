import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planHalving, plannedEpochs, survivors } from './halving.js';

describe('planHalving', () => {
  it('gives a third of the trials three times as much', () => {
    const plan = planHalving({ trials: 27, epochs: 9, reduction: 3 });
    expect(plan.trials).toEqual([27, 9, 3, 1]);
    expect(plan.epochs.map((epochs) => Number(epochs.toFixed(3)))).toEqual([0.333, 1, 3, 9]);
    expect(plannedEpochs(plan)).toBeCloseTo(27 / 3 + 9 * (2 / 3) + 3 * 2 + 6, 9);
  });

  it('trains a single trial to the end', () => {
    expect(planHalving({ trials: 1, epochs: 4, reduction: 3 })).toEqual({ trials: [1], epochs: [4] });
  });

  it('always ends with one trial and all epochs, and never trains a trial backwards', () => {
    const options = fc.record({
      trials: fc.integer({ min: 1, max: 500 }),
      epochs: fc.double({ min: 0.1, max: 200, noNaN: true }),
      reduction: fc.integer({ min: 2, max: 10 }),
    });
    fc.assert(
      fc.property(options, (given) => {
        const { trials, epochs } = planHalving(given);
        expect(trials[0]).toBe(given.trials);
        expect(trials.at(-1)).toBe(1);
        expect(epochs.at(-1)).toBe(given.epochs);
        expect(epochs).toHaveLength(trials.length);
        for (let rung = 1; rung < epochs.length; rung++) {
          expect(epochs[rung]).toBeGreaterThanOrEqual(epochs[rung - 1] as number);
          expect(trials[rung]).toBeLessThan(trials[rung - 1] as number);
        }
      }),
    );
  });

  it.each([
    [{ trials: 0, epochs: 1, reduction: 3 }, /trials: expected a whole number from 1/],
    [{ trials: 2.5, epochs: 1, reduction: 3 }, /trials: expected a whole number/],
    [{ trials: 2, epochs: 0, reduction: 3 }, /epochs: expected a number from 0.1/],
    [{ trials: 2, epochs: 1, reduction: 1 }, /reduction: expected a number from 2/],
  ])('refuses %j', (options, message) => {
    expect(() => planHalving(options)).toThrow(message);
  });
});

describe('survivors', () => {
  it('takes the least losses, the lower number on a tie, never what has no number', () => {
    const losses = new Map([
      [1, 3],
      [2, 1],
      [3, NaN],
      [4, 1],
      [5, Infinity],
      [6, 2],
    ]);
    expect(survivors(losses, 1)).toEqual([2]);
    expect(survivors(losses, 3)).toEqual([2, 4, 6]);
    expect(survivors(losses, 6)).toEqual([1, 2, 4, 6]);
  });
});
