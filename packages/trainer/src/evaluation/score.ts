import type { Network, WeightPrecision } from '@rondo/core-native';
import type { TokenNames } from '../batches/epoch.js';
import { Lookahead } from '../batches/lookahead.js';
import type { PieceSource } from '../batches/piece-source.js';
import type { Objective } from '../presets/settings.js';
import type { ScoreJob } from './score-job.js';
import { streamJobs } from './stream-jobs.js';
import { windowJobs } from './window-jobs.js';

/** How pieces are put before a network to be scored. The figures do not depend on `batch`. */
export interface ScoreOptions {
  objective: Objective;
  names: TokenNames;
  /** `last`: tokens of a window. `all`: tokens per call, which costs memory and changes nothing else. */
  sequence: number;
  /** Rows per call. */
  batch: number;
  /** Index in each piece of the first token that is scored. At least 1 (`all`) or `sequence` (`last`). */
  from: number;
  /** Of the weights; default fp32. */
  precision?: WeightPrecision;
  /** By id: 1 for the tokens whose hits are counted, 0 for the others; nll is then theirs too. Default: all. */
  only?: Uint8Array;
  /** Ids of which the scored occurrences are counted. */
  watch?: readonly number[];
  onProgress?: (tokens: number) => void;
  signal?: AbortSignal;
}

export interface Scores {
  /** Tokens scored. */
  tokens: number;
  /** Negative log-likelihood in nats, summed. */
  nll: number;
  /** Tokens that were the network's first choice. */
  hits: number;
  /** nll and tokens of each piece of the source. */
  pieceNll: Float64Array;
  pieceTokens: Float64Array;
  /** How often each id of `watch` was a scored token. */
  watched: number[];
}

/**
 * Scores every token of every piece from `from` on, in inference mode. The carried state of training is left alone.
 * @returns undefined when the signal stopped it
 */
export async function scorePieces(
  network: Network,
  source: PieceSource,
  options: ScoreOptions,
): Promise<Scores | undefined> {
  const { objective, precision = 'fp32', watch = [], onProgress, signal } = options;
  const pieceNll = new Float64Array(source.count);
  const scores: Scores = {
    tokens: 0,
    nll: 0,
    hits: 0,
    pieceNll,
    pieceTokens: new Float64Array(source.count),
    watched: watch.map(() => 0),
  };
  const jobs = new Lookahead(objective === 'all' ? streamJobs(source, options) : windowJobs(source, options));
  for (let job = jobs.take(); job !== undefined; job = jobs.take()) {
    if (signal?.aborted) return undefined;
    if (options.only !== undefined) weighOnly(job, options.names.head, options.only);
    const running = network.evaluate(job.batch, { precision });
    jobs.prepare();
    const { rows } = await running;
    for (const [row, piece] of job.pieces.entries()) {
      pieceNll[piece] = (pieceNll[piece] as number) + (rows.nll[row] as number);
      scores.hits += rows.hits[row] as number;
    }
    count(job, options, scores);
    onProgress?.(scores.tokens);
  }
  scores.nll = pieceNll.reduce((sum, nll) => sum + nll, 0);
  return scores;
}

/** Leaves all but some targets out of the sums. Windows have no weights of their own: each counts. */
function weighOnly({ batch }: ScoreJob, head: string, only: Uint8Array): void {
  const targets = batch.targets?.[head] as Int32Array;
  batch.weights ??= new Float32Array(targets.length).fill(1);
  for (let i = 0; i < targets.length; i++) if (only[targets[i] as number] !== 1) batch.weights[i] = 0;
}

/** Counts the scored tokens of a job by what was asked, so that the figures do not lean on float weights. */
function count(job: ScoreJob, { names, watch = [] }: ScoreOptions, scores: Scores): void {
  const targets = job.batch.targets?.[names.head] as Int32Array;
  const rows = job.batch.batch;
  for (const [row, piece] of job.pieces.entries()) {
    const [begin, end] = [job.begin[row] as number, job.end[row] as number];
    scores.pieceTokens[piece] = (scores.pieceTokens[piece] as number) + (end - begin);
    scores.tokens += end - begin;
    for (let t = begin; t < end && watch.length > 0; t++) {
      const place = watch.indexOf(targets[t * rows + row] as number);
      if (place >= 0) scores.watched[place] = (scores.watched[place] as number) + 1;
    }
  }
}

/** How many tokens `scorePieces` will score. */
export function scoredTokens(source: PieceSource, from: number): number {
  let tokens = 0;
  for (let piece = 0; piece < source.count; piece++) tokens += Math.max(0, source.length(piece) - from);
  return tokens;
}
