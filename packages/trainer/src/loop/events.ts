import type { DeviceInfo, Precision } from '@rondo/core-native';
import type { MemoryNeed } from './memory.js';
import type { TrainSettings } from '../presets/settings.js';

/** Nats per token on the held-out split, of models that only count: what the dataset's manifest holds. */
export interface Baselines {
  unigram: number;
  bigram: number;
}

/** One line of `metrics.jsonl`. */
export interface Metrics {
  /** The pass over the data that was being made, from 1. */
  epoch: number;
  /** Updates done. */
  step: number;
  /** Mean training loss since the line before, nats per token (with dropout on). */
  loss: number;
  /** Share of training tokens that were the first choice, since the line before. */
  accuracy: number;
  /** Nats per held-out token; absent without a held-out split. */
  validLoss?: number;
  validAccuracy?: number;
  /** Learning rate of the last update. */
  lr: number;
  /** Training tokens predicted per second since the line before. */
  tokensPerSecond: number;
  /** Time of the whole run so far, earlier sittings included. */
  seconds: number;
}

export interface StartEvent {
  type: 'start';
  run: string;
  preset: string;
  settings: TrainSettings;
  /** Values of the network, moving statistics included. */
  parameters: number;
  vocabulary: number;
  device: DeviceInfo;
  precision: Precision;
  threads: number;
  /** Native memory of the network with its batches, in bytes. */
  memoryBytes: number;
  /** What the training is expected to take at most, and what is free for it. */
  memory: MemoryNeed;
  /** Updates of the whole training, and those that an earlier sitting made. */
  steps: number;
  stepsDone: number;
  stepsPerEpoch: number;
  tokensPerEpoch: number;
  baselines?: Baselines;
}

export interface StepEvent {
  type: 'step';
  epoch: number;
  epochs: number;
  step: number;
  steps: number;
  /** Of this update's batch, nats per token. */
  loss: number;
  accuracy: number;
  lr: number;
  /** Global norm before clipping. */
  gradientNorm: number;
  tokensPerSecond: number;
  etaSeconds: number;
  /** Steps at which this sitting will end: all of them, or as many as the time left allows at the present pace. */
  expectedSteps: number;
}

export interface EvaluatingEvent {
  type: 'evaluating';
  /** Held-out tokens scored, and all of them. */
  done: number;
  total: number;
}

export interface EvaluationEvent extends Metrics {
  type: 'evaluation';
  /** exp(validLoss), or exp(loss) without a held-out split. */
  perplexity: number;
  /** Whether this is the best held-out loss so far. */
  best: boolean;
  baselines?: Baselines;
}

export interface SavedEvent {
  type: 'saved';
  /** `good` is what training goes back to when its numbers go bad. */
  name: 'last' | 'best' | 'good';
  path: string;
  step: number;
}

/** A figure that is no finite number any more. */
export type BadFigure = 'loss' | 'gradient' | 'held-out loss' | 'weights';

/** A line of `metrics.jsonl` between the evaluations: training went back to an earlier state with a lower rate. */
export interface Recovery {
  /** The pass and the update in which the figure went bad. */
  epoch: number;
  step: number;
  /** Number of this recovery, from 1. */
  recovery: number;
  figure: BadFigure;
  /** Update after which training goes on. */
  backTo: number;
  /** Learning rate of the next update. */
  lr: number;
}

export interface RecoveryEvent extends Recovery {
  type: 'recovery';
  /** How many more there can be before training stops. */
  left: number;
}

export interface WarningEvent {
  type: 'warning';
  message: string;
}

/** Why training ended: the planned end, no better held-out loss for a while, the clock, or the signal. */
export type EndReason = 'epochs' | 'steps' | 'patience' | 'time' | 'interrupted';

export interface EndEvent {
  type: 'end';
  reason: EndReason;
  step: number;
}

export type TrainEvent =
  | StartEvent
  | StepEvent
  | EvaluatingEvent
  | EvaluationEvent
  | SavedEvent
  | RecoveryEvent
  | WarningEvent
  | EndEvent;
