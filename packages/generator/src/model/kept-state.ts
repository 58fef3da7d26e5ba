import type { Network, StepInputs, Stream, WeightPrecision } from '@rondo/core-native';
import type { History, HistoryFeed } from '@rondo/tokenizer';
import type { Predictor, PredictorState } from './predictor.js';

/** What all rows have read. */
export interface StreamState {
  stream: Float32Array;
  histories: readonly History[];
}

interface KeptStateOptions {
  rows: number;
  precision: WeightPrecision;
  /** Name of the input of ids. */
  input: string;
  /** Further inputs, fed from what each row has read. */
  history?: HistoryFeed | undefined;
}

/** One token at a time through the engine's stream: the state of every row is kept between the calls. */
export class KeptState implements Predictor {
  readonly #stream: Stream;
  readonly #input: string;
  readonly #feed: HistoryFeed | undefined;
  /** By row. */
  #histories: History[];

  constructor(network: Network, { rows, precision, input, history }: KeptStateOptions) {
    this.#stream = network.openStream({ rows, precision });
    this.#input = input;
    this.#feed = history;
    this.#histories = history === undefined ? [] : Array.from({ length: rows }, () => history.open());
  }

  /**
   * Rows start at different times so that all end together: a row whose turn has not come is fed anything, and its state
   * is zeroed when it begins.
   */
  async start(contexts: readonly Int32Array[]): Promise<Float32Array> {
    const time = Math.max(...contexts.map((ids) => ids.length));
    const begins = contexts.map((ids) => time - ids.length);
    const stops = [...new Set([...begins, time])].sort((a, b) => a - b);
    let logits = new Float32Array();
    for (let i = 0; i + 1 < stops.length; i++) {
      begins.forEach((begin, row) => {
        if (begin !== stops[i]) return;
        this.#stream.reset(row);
        if (this.#feed !== undefined) this.#histories[row] = this.#feed.open();
      });
      const ids = timeMajor(contexts, begins, stops[i], stops[i + 1]);
      logits = (await this.#stream.steps(this.#inputs(ids), stops[i + 1] - stops[i])) as Float32Array<ArrayBuffer>;
    }
    return logits;
  }

  next(ids: Int32Array): Float32Array {
    return this.#stream.step(this.#inputs(ids));
  }

  save(): PredictorState {
    return { stream: this.#stream.readState(), histories: this.#histories.map((history) => history.clone()) };
  }

  restore(state: PredictorState): void {
    if (!('stream' in state)) return;
    this.#stream.writeState(state.stream);
    this.#histories = state.histories.map((history) => history.clone());
  }

  /** Ids [n][B] with what they say of the tokens after them, where the network is told that. */
  #inputs(ids: Int32Array): StepInputs {
    const feed = this.#feed;
    if (feed === undefined) return ids;
    const values = feed.inputs.map(() => new Int32Array(ids.length));
    ids.forEach((id, i) => {
      const history = this.#histories[i % this.#histories.length];
      history.push(id);
      feed.inputs.forEach(({ read }, which) => (values[which][i] = read(history)));
    });
    return { [this.#input]: ids, ...Object.fromEntries(feed.inputs.map(({ name }, which) => [name, values[which]])) };
  }

  dispose(): void {
    this.#stream.dispose();
  }
}

/** Ids [to − from][B] of the right-aligned contexts. */
function timeMajor(contexts: readonly Int32Array[], begins: readonly number[], from: number, to: number): Int32Array {
  const rows = contexts.length;
  const out = new Int32Array((to - from) * rows);
  for (let t = from; t < to; t++) {
    for (let row = 0; row < rows; row++) out[(t - from) * rows + row] = contexts[row][Math.max(0, t - begins[row])];
  }
  return out;
}
