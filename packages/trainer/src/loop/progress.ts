import { z } from 'zod';
import type { TrainSettings } from '../presets/settings.js';

/** The best evaluation so far. */
const bestSchema = z.strictObject({
  /** The pass that was being made, from 1. */
  epoch: z.int().min(1),
  step: z.int().min(0),
  validLoss: z.number(),
  validAccuracy: z.number(),
});

/** Where a training stands. With the weights, the optimiser's slots and the carried state this is all it needs. */
export const progressSchema = z.strictObject({
  /** Passes over the data that are finished. */
  epoch: z.int().min(0),
  /** Updates done in this pass: the position in the data. */
  stepInEpoch: z.int().min(0),
  /** Updates done in all. */
  step: z.int().min(0),
  /** Update after which the last evaluation was made. */
  evaluatedStep: z.int().min(0),
  /** Sums over the training tokens since the last line of metrics. */
  since: z.strictObject({ loss: z.number(), tokens: z.number(), hits: z.number(), seconds: z.number() }),
  /** Training tokens predicted in all, and the time spent on training steps alone. */
  tokens: z.number(),
  stepSeconds: z.number(),
  /** Time of the run in all sittings. */
  seconds: z.number(),
  best: bestSchema.nullable(),
  /** Evaluations since the best one. */
  sinceBest: z.int().min(0),
  /** How often training went back because a figure was not finite. */
  recoveries: z.int().min(0).default(0),
  /** Share of the set learning rate that this has left. */
  rateShare: z.number().positive().max(1).default(1),
});

export type Progress = z.infer<typeof progressSchema>;

export function newProgress(): Progress {
  return {
    epoch: 0,
    stepInEpoch: 0,
    step: 0,
    evaluatedStep: 0,
    since: { loss: 0, tokens: 0, hits: 0, seconds: 0 },
    tokens: 0,
    stepSeconds: 0,
    seconds: 0,
    best: null,
    sinceBest: 0,
    recoveries: 0,
    rateShare: 1,
  };
}

/** What bounds a training. */
export interface Limits extends Pick<TrainSettings, 'epochs' | 'patience' | 'evaluateEvery'> {
  stepsPerEpoch: number;
  /** Updates in all; Infinity = as many as the epochs need. */
  maxSteps: number;
}

/** Passes over the data that are finished, rounded down to hundredths: 1.35 is one and the first third of another. */
export function passesDone({ epoch, stepInEpoch }: Progress, stepsPerEpoch: number): number {
  return Math.floor((100 * (epoch * stepsPerEpoch + stepInEpoch)) / stepsPerEpoch) / 100;
}

/** Updates of the whole training. */
export function plannedSteps({ epochs, stepsPerEpoch, maxSteps }: Limits): number {
  return Math.min(epochs * stepsPerEpoch, maxSteps);
}

/** At the end of each epoch, every so many steps inside long ones, and where the training ends. */
export function evaluationDue(progress: Progress, limits: Limits): boolean {
  const { step, stepInEpoch, evaluatedStep } = progress;
  if (step === evaluatedStep) return false;
  const { evaluateEvery, stepsPerEpoch } = limits;
  if (stepInEpoch === stepsPerEpoch || step >= plannedSteps(limits)) return true;
  return evaluateEvery > 0 && stepInEpoch % evaluateEvery === 0;
}

/** Evaluations still to come if nothing stops the training early. */
export function evaluationsLeft(progress: Progress, limits: Limits): number {
  const steps = plannedSteps(limits) - progress.step;
  const inside = limits.evaluateEvery > 0 ? Math.floor((limits.stepsPerEpoch - 1) / limits.evaluateEvery) : 0;
  return Math.ceil((steps / limits.stepsPerEpoch) * (1 + inside));
}

/** Why the training is over, or undefined while it is not. */
export function finishedBecause(progress: Progress, limits: Limits): 'epochs' | 'steps' | 'patience' | undefined {
  if (progress.epoch >= limits.epochs) return 'epochs';
  if (progress.step >= limits.maxSteps) return 'steps';
  if (limits.patience > 0 && progress.sinceBest >= limits.patience) return 'patience';
  return undefined;
}
