import type { Bundle } from '@rondo/checkpoint';
import type { Network, WeightPrecision } from '@rondo/core-native';
import type { Tokenizer } from '@rondo/tokenizer';
import { arraySource, type PieceIds, type PieceSource } from '../batches/piece-source.js';
import { tokenNames } from '../batches/plan.js';
import { TrainerError, UsageError } from '../errors.js';
import { type ScoreOptions, type Scores, scoredTokens, scorePieces } from './score.js';

/** How pieces are scored; everything has a default. */
export interface LikelihoodOptions {
  /** Tokens per call for models of objective `all`; memory grows with it, the result does not change. Default 256. */
  sequence?: number;
  /** Rows per call; the result does not depend on it. Default 32. */
  batch?: number;
  /**
   * Index in each piece of the first token that is scored. Default: the first one that the model can score, which is 1
   * for `all` and the window for `last`. Give the larger one to both sides of a comparison.
   */
  from?: number;
  /** Weights as trained (default), or rounded as generation with that precision has them. */
  precision?: WeightPrecision;
  /** Also how often the first choice was right where pitches are said: a second pass over the pieces. */
  noteAccuracy?: boolean;
  onProgress?: (done: number, total: number) => void;
}

/** The likelihood of one piece. */
export interface PieceLikelihood {
  file: string;
  /** Tokens scored; 0 where the piece is not longer than the window. */
  tokens: number;
  /** Nats, summed. */
  nll: number;
}

/** What `rondo evaluate --json` prints. All nll in nats; EOS is a token like any other. */
export interface Likelihood {
  tokens: number;
  nll: number;
  nllPerToken: number;
  perplexity: number;
  /** Share of tokens that were the model's first choice. */
  accuracy: number;
  /** If asked for: share of the tokens that say pitches which were the model's first choice among all tokens. */
  noteAccuracy?: number | null;
  /** Schemes with frames: frames whose end was scored. */
  frames?: number;
  pieces: PieceLikelihood[];
  /** Scored tokens that the vocabulary does not know (UNK). */
  unknown?: number;
}

/**
 * How likely a model finds given pieces. Models of objective `all` read each piece from its start with kept state and
 * are scored on every token after the first; models of `last` see the window before each token that has a whole one.
 * @param pieces token ids as `tokenizer.encode` gives them, or a source such as `splitSource(dataset.split('test'))`
 * @throws UsageError, TrainerError `RONDO_TRAINER_NO_DATA` when no token can be scored
 */
export async function evaluateLikelihood(
  bundle: Bundle,
  pieces: readonly PieceIds[] | PieceSource,
  options: LikelihoodOptions = {},
): Promise<Likelihood> {
  const { network, tokenizer, config } = bundle;
  const { batch = 32, onProgress } = options;
  const source = 'count' in pieces ? pieces : arraySource(pieces);
  const sequence = config.objective === 'last' ? config.sequence : (options.sequence ?? 256);
  const from = firstScored(config, options.from);
  const total = requireTokens(source, from);
  const watch = [frameEndId(tokenizer), tokenizer.unk];
  const passes = options.noteAccuracy === true ? 2 : 1;
  const score = (pass: number, more: Partial<ScoreOptions>): Promise<Scores> => {
    forgetEvaluationState(network);
    return scorePieces(network, source, {
      objective: config.objective,
      names: tokenNames(network.spec, tokenizer),
      sequence,
      batch,
      from,
      ...(options.precision === undefined ? {} : { precision: options.precision }),
      ...(onProgress === undefined ? {} : { onProgress: (done) => onProgress(pass * total + done, passes * total) }),
      ...more,
    }) as Promise<Scores>; // no signal is given that could stop it
  };
  const likelihood = report(await score(0, { watch: watch.map((id) => id ?? -1) }), source, watch);
  return passes === 1 ? likelihood : { ...likelihood, noteAccuracy: await noteAccuracy(tokenizer, score) };
}

/** Share of right first choices among the tokens that say pitches; null where none is scored. */
async function noteAccuracy(
  tokenizer: Tokenizer,
  score: (pass: number, more: Partial<ScoreOptions>) => Promise<Scores>,
): Promise<number | null> {
  const only = tokenizer.pitchIds();
  const ids = Array.from(only.keys()).filter((id) => only[id] === 1);
  const { hits, watched } = await score(1, { only, watch: ids });
  const tokens = watched.reduce((sum, count) => sum + count, 0);
  return tokens === 0 ? null : hits / tokens;
}

function firstScored({ objective, sequence }: Bundle['config'], asked: number | undefined): number {
  const least = objective === 'last' ? sequence : 1;
  if (asked === undefined) return least;
  if (Number.isSafeInteger(asked) && asked >= least) return asked;
  throw new UsageError(
    `from: expected an integer of at least ${least} (the first token this model can score), received ${asked}`,
  );
}

function requireTokens(source: PieceSource, from: number): number {
  const total = scoredTokens(source, from);
  if (total > 0) return total;
  throw new TrainerError(
    'RONDO_TRAINER_NO_DATA',
    `None of the ${source.count} pieces is longer than ${from} tokens, so there is nothing that this model can score; give longer pieces`,
  );
}

/** An earlier evaluation may have carried the state of another number of rows. That of training stays. */
function forgetEvaluationState(network: Network): void {
  const training = network.readTrainingState();
  network.resetState();
  if (training.size > 0) network.writeTrainingState(training);
}

function frameEndId({ scheme, vocabulary }: Tokenizer): number | undefined {
  return scheme.frameEnd === undefined ? undefined : vocabulary.id(scheme.frameEnd);
}

function report(scores: Scores, source: PieceSource, [frameEnd, unk]: (number | undefined)[]): Likelihood {
  const { tokens, nll, hits, watched } = scores;
  return {
    tokens,
    nll,
    nllPerToken: nll / tokens,
    perplexity: Math.exp(nll / tokens),
    accuracy: hits / tokens,
    ...(frameEnd === undefined ? {} : { frames: watched[0] as number }),
    pieces: Array.from({ length: source.count }, (_, piece) => ({
      file: source.file(piece),
      tokens: scores.pieceTokens[piece] as number,
      nll: scores.pieceNll[piece] as number,
    })),
    ...(unk === undefined ? {} : { unknown: watched[1] as number }),
  };
}
