import type { PieceSource } from '../batches/piece-source.js';
import { Ranges } from '../batches/ranges.js';
import type { ScoreJob } from './score-job.js';
import type { ScoreOptions } from './score.js';

/** The window before every scored token, B windows a call, in the order of the pieces. */
export function* windowJobs(source: PieceSource, options: ScoreOptions): Generator<ScoreJob, undefined> {
  const { sequence: time, from, names } = options;
  const ranges = new Ranges(source.count, (piece) => Math.max(0, source.length(piece) - from));
  const scratch = new Int32Array(time + 1);
  for (let first = 0; first < ranges.total; first += options.batch) {
    const rows = Math.min(options.batch, ranges.total - first);
    const inputs = new Int32Array(time * rows);
    const targets = new Int32Array(rows);
    const pieces = Array.from({ length: rows }, (_, row) => {
      const piece = ranges.find(first + row);
      const target = from + (first + row - ranges.start(piece));
      source.read(piece, target - time, time + 1, scratch, 0);
      for (let t = 0; t < time; t++) inputs[t * rows + row] = scratch[t] as number;
      targets[row] = scratch[time] as number;
      return piece;
    });
    const batch = { batch: rows, time, inputs: { [names.input]: inputs }, targets: { [names.head]: targets } };
    yield { batch, pieces, begin: pieces.map(() => 0), end: pieces.map(() => 1) };
  }
  return undefined;
}
