import type { Batch } from '@rondo/core-native';
import { TrainerError } from '../errors.js';
import type { BatchPlan, Epoch, PlanOptions, TrainBatch } from './epoch.js';
import { Histories, historyArrays } from './histories.js';
import { Permutation } from './permutation.js';
import type { PieceSource } from './piece-source.js';
import { Ranges } from './ranges.js';

/**
 * Batches for objective `all`. Each epoch lays the pieces end to end in a new order and cuts this stream into B rows of
 * equal length (± 1), which are walked side by side, T tokens an update, with the state carried on. A row's state is
 * zeroed where a piece begins. So every token that has a predecessor is predicted exactly once an epoch, no row waits for
 * a longer one, and at most B pieces an epoch are cut in two (at other places each time).
 * @throws TrainerError `RONDO_TRAINER_NO_DATA` when no piece has two tokens
 */
export function planStreams(source: PieceSource, options: PlanOptions): BatchPlan {
  const targets = (piece: number) => Math.max(0, source.length(piece) - 1);
  let tokens = 0;
  let shortPieces = 0;
  for (let piece = 0; piece < source.count; piece++) {
    tokens += targets(piece);
    if (targets(piece) === 0) shortPieces++;
  }
  if (tokens === 0) {
    throw new TrainerError(
      'RONDO_TRAINER_NO_DATA',
      `The training data has no piece of two tokens or more (${source.count} pieces); prepare a dataset from more music`,
    );
  }
  const rows = Math.min(options.batch, tokens);
  const longestRow = Math.ceil(tokens / rows);
  const stepsPerEpoch = Math.ceil(longestRow / options.sequence);
  // Spread evenly, so that the last update of an epoch is not made from a handful of tokens.
  const time = Math.ceil(longestRow / stepsPerEpoch);
  return {
    stepsPerEpoch: Math.ceil(longestRow / time),
    tokensPerEpoch: tokens,
    rows,
    time,
    shortPieces,
    epoch(epoch) {
      const permutation = new Permutation(source.count, [options.seed, epoch]);
      const order = Uint32Array.from({ length: source.count }, (_, place) => permutation.at(place));
      const ranges = new Ranges(order.length, (place) => targets(order[place] as number));
      return new StreamEpoch(source, order, ranges, rows, time, options);
    },
  };
}

class StreamEpoch implements Epoch {
  readonly steps: number;
  readonly #scratch: Int32Array;
  readonly #histories: Histories | undefined;

  constructor(
    private readonly source: PieceSource,
    /** Pieces in the order of this epoch. */
    private readonly order: Uint32Array,
    /** The stream: for each place of the order, its predicted tokens. */
    private readonly ranges: Ranges,
    private readonly rows: number,
    private readonly time: number,
    private readonly options: PlanOptions,
  ) {
    this.steps = Math.ceil(Math.ceil(ranges.total / rows) / time);
    this.#scratch = new Int32Array(time + 1);
    const { history } = options.names;
    if (history !== undefined) this.#histories = new Histories(history, source);
  }

  batchAt(step: number): TrainBatch {
    const { rows } = this;
    const spans = Array.from({ length: rows }, (_, row) => this.#span(row, step));
    const time = Math.max(...spans.map(({ count }) => count));
    const inputs = new Int32Array(time * rows);
    const targets = new Int32Array(time * rows);
    const resets = new Uint8Array(time * rows);
    const { input, head, history } = this.options.names;
    const told = historyArrays(history, time * rows);
    for (const [row, { start, count }] of spans.entries()) {
      // Another row walked before this one in the last epoch: its state means nothing here.
      if (step === 0) resets[row] = 1;
      this.#fillRow(row, start, count, { inputs, targets, resets, told: Object.values(told) });
    }
    const batch: Batch = {
      batch: rows,
      time,
      inputs: { [input]: inputs, ...told },
      targets: { [head]: targets },
      resets,
      carryState: true,
      ...raggedness(spans, rows, time),
    };
    return { batch, tokens: spans.reduce((sum, { count }) => sum + count, 0) };
  }

  /** What of the stream row `row` walks in step `step`. */
  #span(row: number, step: number): Span {
    const begin = Math.floor((this.ranges.total * row) / this.rows);
    const end = Math.floor((this.ranges.total * (row + 1)) / this.rows);
    const start = Math.min(begin + step * this.time, end);
    return { start, count: Math.min(this.time, end - start) };
  }

  #fillRow(row: number, start: number, count: number, out: RowArrays): void {
    let t = 0;
    let place = count > 0 ? this.ranges.find(start) : 0;
    while (t < count) {
      const at = start + t - this.ranges.start(place);
      const run = Math.min(count - t, this.ranges.length(place) - at);
      // run tokens and the one after them: each is the target of the one before.
      if (run > 0) this.source.read(this.order[place] as number, at, run + 1, this.#scratch, 0);
      if (run > 0 && at === 0) out.resets[t * this.rows + row] = 1;
      for (let i = 0; i < run; i++) {
        out.inputs[(t + i) * this.rows + row] = this.#scratch[i] as number;
        out.targets[(t + i) * this.rows + row] = this.#scratch[i + 1] as number;
      }
      if (run > 0) {
        this.#histories?.read(row, this.order[place] as number, at, run, (which, i, value) => {
          (out.told[which] as Int32Array)[(t + i) * this.rows + row] = value;
        });
      }
      t += run;
      place++;
    }
  }
}

interface Span {
  /** Position in the stream. */
  start: number;
  /** Tokens to predict. */
  count: number;
}

/** [T][B] each. */
interface RowArrays {
  inputs: Int32Array;
  targets: Int32Array;
  resets: Uint8Array;
  /** Of the inputs of the history, in its order. */
  told: Int32Array[];
}

/** Row lengths where they differ; rows that are through take part with one step of weight 0. */
function raggedness(spans: readonly Span[], rows: number, time: number): Pick<Batch, 'lengths' | 'weights'> {
  if (spans.every(({ count }) => count === time)) return {};
  const lengths = Int32Array.from(spans, ({ count }) => Math.max(1, count));
  if (spans.every(({ count }) => count > 0)) return { lengths };
  const weights = new Float32Array(time * rows).map((_, index) => ((spans[index % rows]?.count ?? 0) > 0 ? 1 : 0));
  return { lengths, weights };
}
