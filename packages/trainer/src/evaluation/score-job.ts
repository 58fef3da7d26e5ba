import type { Batch } from '@rondo/core-native';

/** One call of `evaluate`. The row arrays are as long as `pieces`; further rows of the batch are padding. */
export interface ScoreJob {
  batch: Batch;
  /** Piece that each row belongs to. */
  pieces: readonly number[];
  /** Rows of the targets [T][B] that are scored: t from `begin` up to, not including, `end`. */
  begin: readonly number[];
  end: readonly number[];
}
