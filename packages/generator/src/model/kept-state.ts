import type { Network, StepInputs, Stream, WeightPrecision } from '@rondo/core-native';
import type { PlaceRule } from '@rondo/tokenizer';
import type { Predictor, PredictorState } from './predictor.js';

/** The input that takes the place in the frame of the token to come. */
export interface PlaceInput {
  name: string;
  rule: PlaceRule;
}

/** What all rows have read. */
export interface StreamState {
  stream: Float32Array;
  places: Int32Array;
}

interface KeptStateOptions {
  rows: number;
  precision: WeightPrecision;
  /** Name of the input of ids. */
  input: string;
  place?: PlaceInput | undefined;
}

/** One token at a time through the engine's stream: the state of every row is kept between the calls. */
export class KeptState implements Predictor {
  readonly #stream: Stream;
  readonly #input: string;
  readonly #place: PlaceInput | undefined;
  /** Of the token to come, by row. */
  readonly #places: Int32Array;

  constructor(network: Network, { rows, precision, input, place }: KeptStateOptions) {
    this.#stream = network.openStream({ rows, precision });
    this.#input = input;
    this.#place = place;
    this.#places = new Int32Array(rows);
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
        this.#places[row] = (this.#place?.rule.size ?? 1) - 1;
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
    return { stream: this.#stream.readState(), places: this.#places.slice() };
  }

  restore(state: PredictorState): void {
    if (!('stream' in state)) return;
    this.#stream.writeState(state.stream);
    this.#places.set(state.places);
  }

  /** Ids [n][B] with the places after them, where the network takes these. */
  #inputs(ids: Int32Array): StepInputs {
    if (this.#place === undefined) return ids;
    const { name, rule } = this.#place;
    const rows = this.#places.length;
    const places = ids.map((id, i) => (this.#places[i % rows] = rule.next(this.#places[i % rows], id)));
    return { [this.#input]: ids, [name]: places };
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
