import type { Bundle } from '@rondo/checkpoint';
import { openPredictor } from './model/predictor.js';
import { logProbability } from './sampling/filters.js';

/** Ids, and from which of them on they are scored. */
export interface ScoredIds {
  readonly ids: Int32Array;
  /** Index of the first scored id, at least 1. */
  readonly from: number;
}

/** Log likelihood of each row's ids from `from` on, given those before, in nats a token; 0 where none is scored. */
export async function likelihoodOf(bundle: Bundle, rows: readonly ScoredIds[]): Promise<number[]> {
  const sums = rows.map(() => 0);
  const starts = rows.map(({ ids, from }) => ids.slice(0, from));
  const predictor = openPredictor(bundle, { count: rows.length, precision: 'fp32' });
  try {
    let logits = await predictor.start(starts);
    const size = logits.length / rows.length;
    const longest = Math.max(...rows.map(({ ids, from }) => ids.length - from));
    for (let step = 0; step < longest; step++) {
      const next = Int32Array.from(rows, ({ ids, from }) => ids[Math.min(ids.length - 1, from + step)]);
      rows.forEach(({ ids, from }, row) => {
        if (from + step < ids.length)
          sums[row] += logProbability(logits.subarray(row * size, (row + 1) * size), next[row]);
      });
      if (step + 1 < longest) logits = await predictor.next(next);
    }
  } finally {
    predictor.dispose();
  }
  return sums.map((sum, row) => sum / Math.max(1, rows[row].ids.length - rows[row].from));
}
