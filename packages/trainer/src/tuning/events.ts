import type { TrainEvent } from '../loop/events.js';
import type { HalvingPlan } from './halving.js';
import type { Trial, TrialResult } from './study.js';

/** What `tune` will do, and how much of it an earlier sitting did. */
export interface StudyEvent {
  type: 'study';
  folder: string;
  plan: HalvingPlan;
  /** Passes over the training data, all trials together. */
  epochs: number;
  /** What an earlier sitting did of them. */
  epochsDone: number;
  /** Nats per held-out token of models that only count; null where the dataset has none. */
  baselines: { unigram: number; bigram: number } | null;
}

/** A trial goes on. */
export interface TrialEvent {
  type: 'trial';
  trial: Trial;
  rung: number;
  rungs: number;
}

/** An event of the running trial's training. */
export interface TrialTrainingEvent {
  type: 'training';
  trial: Trial;
  event: TrainEvent;
  /** Passes over the training data, all trials together. */
  epochsDone: number;
}

/** A trial has ended a rung, or cannot go on. */
export interface ResultEvent {
  type: 'result';
  trial: Trial;
  /** Absent where the trial failed. */
  result?: TrialResult;
  /** Whether no other trial has had less held-out loss so far. */
  best: boolean;
}

export type TuneEvent = StudyEvent | TrialEvent | TrialTrainingEvent | ResultEvent;
