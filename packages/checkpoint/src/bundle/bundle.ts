import type { Network, Tensors } from '@rondo/core-native';
import type { Tokenizer } from '@rondo/tokenizer';
import type { BundleConfig } from './config.js';

/** A model that can be used: weights in the engine, the vocabulary they belong to, and where they come from. */
export interface Bundle {
  network: Network;
  tokenizer: Tokenizer;
  config: BundleConfig;
  /** A few windows of training ids, to start generation from. May be empty. */
  seeds: Int32Array[];
}

/** What the trainer keeps beside the weights. Plain JSON: no undefined, no NaN, no Infinity. */
export type TrainerState = Record<string, unknown>;

/** All that training needs, beside the bundle, to go on as if it had not stopped. */
export interface TrainingState {
  /** Updates done: the counter of the dropout masks. */
  stepCount: number;
  /** The trainer's own: epoch, position in the data, best score, … */
  trainer: TrainerState;
  /** What the optimiser keeps for each parameter. */
  slots: Tensors;
  /** The carried h and c of the training rows; empty where none are carried. */
  carried: Tensors;
  /** What the parameters were on average, where the trainer keeps that; else empty. */
  averages: Tensors;
}
