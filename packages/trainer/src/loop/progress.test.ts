import { describe, expect, it } from 'vitest';
import { evaluationDue, evaluationsLeft, finishedBecause, newProgress, passesDone, plannedSteps } from './progress.js';

const limits = { epochs: 3, patience: 2, evaluateEvery: 4, stepsPerEpoch: 10, maxSteps: Infinity };
const at = (changes: object) => ({ ...newProgress(), ...changes });

describe('evaluationDue', () => {
  it('is due at the end of an epoch and every so many steps inside it, once each', () => {
    const due = Array.from({ length: 10 }, (_, index) => at({ step: 11 + index, stepInEpoch: 1 + index }))
      .filter((progress) => evaluationDue(progress, limits))
      .map(({ stepInEpoch }) => stepInEpoch);
    expect(due).toEqual([4, 8, 10]);
    expect(evaluationDue(at({ step: 10, stepInEpoch: 10, evaluatedStep: 10 }), limits)).toBe(false);
    expect(evaluationDue(newProgress(), limits)).toBe(false);
  });

  it('is due where the training ends inside an epoch', () => {
    expect(evaluationDue(at({ step: 7, stepInEpoch: 7 }), { ...limits, maxSteps: 7 })).toBe(true);
  });
});

describe('finishedBecause', () => {
  it('names the reason', () => {
    expect(finishedBecause(at({ epoch: 2, step: 20 }), limits)).toBeUndefined();
    expect(finishedBecause(at({ epoch: 3, step: 30 }), limits)).toBe('epochs');
    expect(finishedBecause(at({ step: 7 }), { ...limits, maxSteps: 7 })).toBe('steps');
    expect(finishedBecause(at({ step: 7, sinceBest: 2 }), limits)).toBe('patience');
    expect(finishedBecause(at({ step: 7, sinceBest: 2 }), { ...limits, patience: 0 })).toBeUndefined();
  });
});

it('counts finished passes in hundredths, never more than there are', () => {
  const passes = (epoch: number, stepInEpoch: number, stepsPerEpoch: number) =>
    passesDone(at({ epoch, stepInEpoch }), stepsPerEpoch);
  expect(passes(0, 0, 10)).toBe(0);
  expect(passes(1, 7, 20)).toBe(1.35);
  expect(passes(0, 2, 3)).toBe(0.66);
  expect(passes(1, 1999, 2000)).toBe(1.99);
  expect(passes(1, 2000, 2000)).toBe(2);
  for (let step = 0; step < 100; step++)
    expect(passes(3, step, 100)).toBe(Number(`3.${String(step).padStart(2, '0')}`));
});

it('plans steps and evaluations', () => {
  expect(plannedSteps(limits)).toBe(30);
  expect(plannedSteps({ ...limits, maxSteps: 12 })).toBe(12);
  expect(evaluationsLeft(newProgress(), limits)).toBe(9);
});
