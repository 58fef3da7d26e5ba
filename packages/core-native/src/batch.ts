/** T time, B batch. Time-major: row b at step t lives at index t * B + b. */
export interface Batch {
  /** B, rows. */
  batch: number;
  /** T, time steps. */
  time: number;
  /** By input name: Int32Array [T][B] of ids, or Float32Array [T][B][units] for dense inputs. */
  inputs: Record<string, Int32Array | Float32Array>;
  /**
   * By head name: [T][B] when the network returns sequences, else [B]; Int32Array of classes for softmax
   * heads, Float32Array with × units values for regression heads. Needed by everything except `predict`.
   */
  targets?: Record<string, Int32Array | Float32Array>;
  /** Loss weights, [T][B] or [B] like the targets; 0 = ignored. Default all 1. */
  weights?: Float32Array;
  /** [B] valid time steps of each row, 0 … T; later steps are padding: no loss, state frozen. Default T. */
  lengths?: Int32Array;
  /** [T][B]; 1 = this row's state is zeroed before step t. Default none. */
  resets?: Uint8Array;
  /** Start from the state that the previous call left (same B), and leave it for the next one. Default false. */
  carryState?: boolean;
  /** Global index of row 0: keeps the dropout masks of a data-parallel slice those of the whole batch. Default 0. */
  rowOffset?: number;
}

/** What a pass over a batch gives. */
export interface StepResult {
  /**
   * lossSum / weightSum, summed over the heads with their weights; nats for softmax heads. 0 when weightSum is 0.
   * In training against smoothed targets where a head has them; `evaluate` gives the plain negative log-likelihood.
   */
  loss: number;
  /** Σ over heads and positions of head weight · position weight · loss. */
  lossSum: number;
  /** Σ of the weights of the positions inside of the lengths. */
  weightSum: number;
  /** Σ of the weights of the positions whose arg-max of the first softmax head is the target; 0 without such a head. */
  hits: number;
  /** False when the loss or the gradient norm is NaN or infinite. */
  finite: boolean;
}

/** What an update of the parameters gives. */
export interface UpdateResult {
  /** Global norm of the mean gradient, before clipping. */
  gradientNorm: number;
  /** False when the norm is NaN or infinite. */
  finite: boolean;
  /** False when it was not finite: parameters and step count stay, the gradients are cleared. */
  updated: boolean;
}

/** What a step with accumulation and update gives. */
export interface TrainStepResult extends StepResult, UpdateResult {}

/** What an evaluation gives: the sums of the batch, and those of each row. */
export interface EvaluationResult extends StepResult {
  /** [B] each, sums over a row's steps: weighted loss (adds up to lossSum), hits, weight. */
  rows: { nll: Float64Array; hits: Float64Array; weight: Float64Array };
}

/** How far an update goes. */
export interface UpdateOptions {
  /** > 0; the step size of this update. */
  learningRate: number;
  /** Scales all gradients down so that their global norm is at most this. Default: no clipping. */
  clipNorm?: number;
}
