import type { PieceSource } from '../batches/piece-source.js';
import { Histories, historyArrays } from '../batches/histories.js';
import type { ScoreJob } from './score-job.js';
import type { ScoreOptions } from './score.js';

/**
 * Whole pieces from a zero state, cut into calls of T tokens with the state carried on. Pieces of like length go side by
 * side, so that few rows wait. Every group has the same B, as carried state asks.
 */
export function* streamJobs(source: PieceSource, options: ScoreOptions): Generator<ScoreJob, undefined> {
  const order = Array.from({ length: source.count }, (_, piece) => piece)
    .filter((piece) => source.length(piece) > options.from)
    .sort((a, b) => source.length(b) - source.length(a) || a - b);
  const rows = Math.min(options.batch, order.length);
  for (let first = 0; first < order.length; first += rows) {
    const pieces = order.slice(first, first + rows);
    const longest = source.length(pieces[0] as number) - 1;
    const histories = options.names.history && new Histories(options.names.history, source);
    for (let start = 0; start < longest; start += options.sequence) {
      yield streamJob(source, options, pieces, {
        histories,
        rows,
        start,
        time: Math.min(options.sequence, longest - start),
      });
    }
  }
  return undefined;
}

interface Place {
  /** B, padding rows included. */
  rows: number;
  /** Token of the pieces that step 0 reads. */
  start: number;
  /** T. */
  time: number;
  /** Of the rows; they go on from call to call. */
  histories: Histories | undefined;
}

function streamJob(source: PieceSource, options: ScoreOptions, pieces: number[], place: Place): ScoreJob {
  const { rows, start, time, histories } = place;
  const inputs = new Int32Array(time * rows);
  const targets = new Int32Array(time * rows);
  const { input, head, history } = options.names;
  const told = historyArrays(history, time * rows);
  const toldInOrder = Object.values(told);
  const weights = new Float32Array(time * rows);
  const lengths = new Int32Array(rows).fill(1);
  const scratch = new Int32Array(time + 1);
  // Step t predicts token start + t + 1.
  const begin = pieces.map(() => Math.min(time, Math.max(0, options.from - start - 1)));
  const end = pieces.map((piece, row) => {
    const count = Math.min(time, Math.max(0, source.length(piece) - 1 - start));
    if (count === 0) return begin[row] as number;
    source.read(piece, start, count + 1, scratch, 0);
    for (let t = 0; t < count; t++) {
      inputs[t * rows + row] = scratch[t] as number;
      targets[t * rows + row] = scratch[t + 1] as number;
      if (t >= (begin[row] as number)) weights[t * rows + row] = 1;
    }
    histories?.read(row, piece, start, count, (which, t, value) => {
      (toldInOrder[which] as Int32Array)[t * rows + row] = value;
    });
    lengths[row] = count;
    return Math.max(count, begin[row] as number);
  });
  const batch = {
    batch: rows,
    time,
    inputs: { [input]: inputs, ...told },
    targets: { [head]: targets },
    weights,
    lengths,
    carryState: true,
    ...(start === 0 ? { resets: new Uint8Array(time * rows).fill(1, 0, rows) } : {}),
  };
  return { batch, pieces, begin, end };
}
