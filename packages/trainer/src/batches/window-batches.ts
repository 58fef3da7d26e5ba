import { TrainerError } from '../errors.js';
import type { BatchPlan, Epoch, PlanOptions, TrainBatch } from './epoch.js';
import { Permutation } from './permutation.js';
import type { PieceSource } from './piece-source.js';
import { Ranges } from './ranges.js';

/**
 * Batches for objective `last`: every run of T tokens inside a piece that has a token after it, which is the target, in
 * an order shuffled anew each epoch. Windows are places in the data, read when their batch is due; none is stored, and
 * none crosses from one piece into the next. The last batch of an epoch is smaller, as in Keras.
 * @throws TrainerError `RONDO_TRAINER_NO_DATA` when no piece is longer than the window
 */
export function planWindows(source: PieceSource, options: PlanOptions): BatchPlan {
  const windows = (piece: number) => Math.max(0, source.length(piece) - options.sequence);
  const ranges = new Ranges(source.count, windows);
  let shortPieces = 0;
  let longest = 0;
  for (let piece = 0; piece < source.count; piece++) {
    if (windows(piece) === 0) shortPieces++;
    longest = Math.max(longest, source.length(piece));
  }
  if (ranges.total === 0) {
    throw new TrainerError(
      'RONDO_TRAINER_NO_DATA',
      `No piece of the training data is longer than the window of ${options.sequence} tokens (the longest has ${longest}); ` +
        `use a sequence of at most ${Math.max(1, longest - 1)}, or objective "all"`,
    );
  }
  const stepsPerEpoch = Math.ceil(ranges.total / options.batch);
  return {
    stepsPerEpoch,
    tokensPerEpoch: ranges.total,
    rows: Math.min(options.batch, ranges.total),
    time: options.sequence,
    shortPieces,
    epoch: (epoch) => new WindowEpoch(source, ranges, stepsPerEpoch, epoch, options),
  };
}

class WindowEpoch implements Epoch {
  readonly #order: Permutation;
  readonly #scratch: Int32Array;

  constructor(
    private readonly source: PieceSource,
    /** For each piece, its windows. */
    private readonly ranges: Ranges,
    readonly steps: number,
    epoch: number,
    private readonly options: PlanOptions,
  ) {
    this.#order = new Permutation(ranges.total, [options.seed, epoch]);
    this.#scratch = new Int32Array(options.sequence + 1);
  }

  batchAt(step: number): TrainBatch {
    const { names, sequence: time } = this.options;
    const first = step * this.options.batch;
    const rows = Math.min(this.options.batch, this.ranges.total - first);
    const inputs = new Int32Array(time * rows);
    const targets = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      this.#readWindow(this.#order.at(first + row));
      for (let t = 0; t < time; t++) inputs[t * rows + row] = this.#scratch[t] as number;
      targets[row] = this.#scratch[time] as number;
    }
    const batch = { batch: rows, time, inputs: { [names.input]: inputs }, targets: { [names.head]: targets } };
    return { batch, tokens: rows };
  }

  #readWindow(window: number): void {
    const piece = this.ranges.find(window);
    this.source.read(piece, window - this.ranges.start(piece), this.#scratch.length, this.#scratch, 0);
  }
}
