import { describe, expect, it } from 'vitest';
import { learningRateAt } from './schedule.js';

const base = { learningRate: 0.01, schedule: 'constant', warmupSteps: 0, finalShare: 0.1 } as const;

describe('learningRateAt', () => {
  it('constant stays', () => {
    expect([0, 5, 99].map((step) => learningRateAt(base, step, 100))).toEqual([0.01, 0.01, 0.01]);
  });

  it('warm-up rises linearly and reaches the full rate', () => {
    const settings = { ...base, warmupSteps: 4 };
    const rates = [0, 1, 2, 3, 4].map((step) => learningRateAt(settings, step, 100));
    for (const [index, rate] of [0.0025, 0.005, 0.0075, 0.01, 0.01].entries())
      expect(rates[index]).toBeCloseTo(rate, 12);
  });

  it.each(['cosine', 'linear'] as const)('%s goes from the full rate to the final share', (schedule) => {
    const settings = { ...base, schedule };
    expect(learningRateAt(settings, 0, 101)).toBeCloseTo(0.01, 12);
    expect(learningRateAt(settings, 50, 101)).toBeCloseTo(0.0055, 12);
    expect(learningRateAt(settings, 100, 101)).toBeCloseTo(0.001, 12);
    expect(learningRateAt(settings, 500, 101)).toBeCloseTo(0.001, 12);
  });

  it('never reaches 0, which no optimiser takes', () => {
    expect(learningRateAt({ ...base, schedule: 'linear', finalShare: 0 }, 99, 100)).toBeGreaterThan(0);
  });
});
