import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '@rondo/core-native';
import type { Dataset } from '@rondo/tokenizer';
import { splitSource } from '../batches/piece-source.js';
import { planBatches, tokenNames } from '../batches/plan.js';
import { TrainerError } from '../errors.js';
import type { TrainEvent } from '../loop/events.js';
import type { TrainOptions } from '../loop/options.js';
import { train } from '../loop/train.js';
import { shapedNetwork } from '../presets/shape.js';
import type { Objective } from '../presets/settings.js';
import { TOLD } from '../presets/told.js';
import type { TrialPoint } from './space.js';
import type { TrialResult } from './study.js';

/** What all trials of a study share. */
export interface TrialContext {
  dataset: Dataset;
  folder: string;
  objective: Objective;
  seed: number;
  device?: 'auto' | 'cpu' | 'cuda' | undefined;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** The folder of a trial's run. */
export function trialFolder(folder: string, trial: number): string {
  return join(folder, 'trials', String(trial).padStart(4, '0'));
}

/** The network of a point; where it may be told of frames (not in windows) it is told all. */
function pointNetwork({ layers, units, tied, batchNorm, ...rates }: TrialPoint, objective: Objective) {
  const { embedding, inputDropout, dropout, recurrentDropout, labelSmoothing } = rates;
  const shape = {
    ...{ embedding, inputDropout, dropout, recurrentDropout, labelSmoothing },
    units: Array.from({ length: layers }, () => units),
    tied: tied === 1,
    batchNorm: batchNorm === 1,
  };
  return shapedNetwork(objective === 'all' ? { ...shape, told: TOLD } : shape);
}

/** The settings that a point trains with: AdamW, clipped, at one rate, so that trials can be taken up at any length. */
function pointSettings({ sequence, batch, learningRate }: TrialPoint, objective: Objective, seed: number) {
  return {
    objective,
    seed,
    sequence,
    batch,
    learningRate,
    optimizer: { kind: 'adamw', weightDecay: 0.01 },
    schedule: 'constant',
    clipNorm: 1,
    patience: 0,
    evaluateEvery: 0,
  } as const;
}

/** Updates of so many passes over the data. @throws TrainerError where no piece fills a window */
function stepsOf(context: TrialContext, point: TrialPoint, epochs: number): number {
  const { dataset, objective, seed } = context;
  const { tokenizer } = dataset;
  const names = tokenNames(pointNetwork(point, objective)(tokenizer.vocabulary.size, tokenizer), tokenizer);
  const { sequence, batch } = point;
  const plan = planBatches(objective, splitSource(dataset.split('train')), { names, sequence, batch, seed });
  return Math.max(1, Math.round(epochs * plan.stepsPerEpoch));
}

/** A rung of a trial. */
export interface RungTask {
  trial: number;
  point: TrialPoint;
  rung: number;
  /** Passes over the data at the end of the rung, since the trial began. */
  epochs: number;
  /** Minutes left to this sitting. */
  maxMinutes?: number | undefined;
  onEvent(event: TrainEvent): void;
}

/** Trains a trial up to the end of a rung. @returns undefined where it was stopped before, by the signal or the clock */
export async function runRung(context: TrialContext, task: RungTask): Promise<TrialResult | undefined> {
  const { dataset, folder, objective, seed, device, threads, signal } = context;
  const steps = stepsOf(context, task.point, task.epochs);
  const options: TrainOptions = {
    ...pointSettings(task.point, objective, seed),
    dataset,
    run: trialFolder(folder, task.trial),
    network: pointNetwork(task.point, objective),
    resume: true,
    epochs: Math.max(1, Math.ceil(task.epochs) + 1),
    maxSteps: steps,
    onEvent: (event) => task.onEvent(event),
    ...(device && { device }),
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
    ...(task.maxMinutes !== undefined && { maxMinutes: task.maxMinutes }),
  };
  const summary = await train(options);
  if (summary.reason !== 'steps' || summary.best === null) return undefined;
  const { validLoss, validAccuracy } = summary.best;
  return { rung: task.rung, steps, epochs: summary.epochs, validLoss, validAccuracy, seconds: summary.seconds };
}

/** Deletes the weights of a trial that is out; its metrics stay. */
export async function dropWeights(folder: string, trial: number): Promise<void> {
  for (const name of ['last', 'best', 'good'])
    await rm(join(trialFolder(folder, trial), name), { recursive: true, force: true });
}

/** Errors that tell something of the trial's point rather than of the study. */
const OF_THE_POINT = ['RONDO_TRAINER_DIVERGED', 'RONDO_TRAINER_NO_DATA', 'RONDO_TRAINER_USAGE', 'RONDO_ENGINE_MEMORY'];

/** The message of an error that ends a trial but not the study; undefined for all others. */
export function failureOf(error: unknown): string | undefined {
  if (!(error instanceof TrainerError || error instanceof EngineError)) return undefined;
  return OF_THE_POINT.includes(error.code) ? error.message : undefined;
}
