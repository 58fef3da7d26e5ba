import { type NetworkSpec, takesIds, type WeightPrecision } from '@rondo/core-native';
import type { Bundle } from '@rondo/checkpoint';
import { historyFeed, type HistoryFeed, type Tokenizer } from '@rondo/tokenizer';
import { GeneratorError } from '../errors.js';
import { KeptState, type StreamState } from './kept-state.js';
import { SlidingWindow } from './sliding-window.js';

/** A model that is asked for the next token of several rows at once. B rows, V vocabulary. */
export interface Predictor {
  /** Reads what each row starts from (at least one id each) and returns logits [B][V] of the token after it. */
  start(contexts: readonly Int32Array[]): Promise<Float32Array>;
  /** Takes the next id of each row [B] and returns logits [B][V] of the one after it. */
  next(ids: Int32Array): Float32Array | Promise<Float32Array>;
  /** What the rows have read so far, to be gone back to with `restore`. */
  save(): PredictorState;
  restore(state: PredictorState): void;
  dispose(): void;
}

/** A state of all rows, as one kind of predictor keeps it. */
export type PredictorState = StreamState | readonly Int32Array[];

export interface PredictorOptions {
  /** Rows that are predicted together. */
  count: number;
  /** Of the weights. */
  precision: WeightPrecision;
}

/**
 * Models of objective `all` go on from their kept state; `last` models are given their window again for every token.
 * @throws GeneratorError `RONDO_GENERATOR_MODEL` for networks that do not map ids to one next id; `_OPTION` for a reduced
 *   precision of a `last` model
 */
export function openPredictor(
  { network, config, tokenizer }: Bundle,
  { count, precision }: PredictorOptions,
): Predictor {
  const { spec } = network;
  const { input, vocabulary, history } = requireTokenModel(spec, tokenizer);
  if (config.objective === 'last') {
    refuseReduced(precision);
    return new SlidingWindow(network, input, vocabulary, config.sequence);
  }
  if (spec.layers.some((layer) => layer.kind === 'lstm' && layer.bidirectional)) {
    const message =
      'A bidirectional network reads what it should predict; only models of objective "last" can generate with one.';
    throw new GeneratorError('RONDO_GENERATOR_MODEL', message);
  }
  return new KeptState(network, { rows: count, precision, input, history });
}

/** A window is a product of many rows, which arithmetic bounds: fewer bytes of weights would gain nothing there. */
function refuseReduced(precision: WeightPrecision): void {
  if (precision === 'fp32') return;
  const message = `precision ${precision} serves models that keep their state; this one reads its window again for every token: leave it out.`;
  throw new GeneratorError('RONDO_GENERATOR_OPTION', message);
}

interface TokenModel {
  input: string;
  vocabulary: number;
  /** Further inputs, fed from the tokens so far. */
  history?: HistoryFeed;
}

function requireTokenModel(spec: NetworkSpec, tokenizer: Tokenizer): TokenModel {
  const [input, ...others] = spec.inputs;
  const head = spec.heads.find((one) => one.kind === 'softmax');
  if (input !== undefined && takesIds(input) && head !== undefined) {
    const found = { input: input.name, vocabulary: head.vocabulary };
    if (others.length === 0) return found;
    const history = others.every(takesIds) ? historyFeed(tokenizer, others) : undefined;
    if (history !== undefined) return { ...found, history };
  }
  const names = spec.inputs.map(({ kind, name }) => `${name} (${kind})`).join(', ');
  const message = `Generation needs a network with one input of ids and a softmax head; this one has the inputs ${names}.`;
  throw new GeneratorError('RONDO_GENERATOR_MODEL', message);
}
