import type { Batch } from '@rondo/core-native';
import type { HistoryFeed } from '@rondo/tokenizer';

/** How batches name the network's id input and its softmax head. */
export interface TokenNames {
  input: string;
  head: string;
  /** Further inputs, which say what the tokens so far tell of the next one; only with objective `all`. */
  history?: HistoryFeed;
}

/** A batch and how many tokens it asks the network to predict. */
export interface TrainBatch {
  batch: Batch;
  tokens: number;
}

/**
 * The batches of one pass over the data. A pure function of the data, the settings, the seed and the epoch: any step can
 * be asked for by itself, so a position in the data is just (epoch, step).
 */
export interface Epoch {
  /** Batches of this pass; the same for every epoch of a plan. */
  readonly steps: number;
  batchAt(step: number): TrainBatch;
}

/** All epochs of a training. */
export interface BatchPlan {
  /** Batches of one epoch, ≥ 1. */
  readonly stepsPerEpoch: number;
  /** Tokens that one epoch asks to predict. */
  readonly tokensPerEpoch: number;
  /** B and T of the largest batch. */
  readonly rows: number;
  readonly time: number;
  /** Pieces that are too short to give anything. */
  readonly shortPieces: number;
  epoch(epoch: number): Epoch;
}

/** Sizes of the batches, the inputs that they fill, and the seed of their order. */
export interface PlanOptions {
  names: TokenNames;
  /** T: tokens of a window, or the most between two updates. */
  sequence: number;
  /** B: rows. */
  batch: number;
  seed: number;
}
