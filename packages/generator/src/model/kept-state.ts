import type { Network, Stream, WeightPrecision } from '@rondo/core-native';
import type { Predictor, PredictorState } from './predictor.js';

/** One token at a time through the engine's stream: the state of every row is kept between the calls. */
export class KeptState implements Predictor {
  readonly #stream: Stream;

  constructor(network: Network, rows: number, precision: WeightPrecision) {
    this.#stream = network.openStream({ rows, precision });
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
        if (begin === stops[i]) this.#stream.reset(row);
      });
      const inputs = timeMajor(contexts, begins, stops[i], stops[i + 1]);
      logits = (await this.#stream.steps(inputs, stops[i + 1] - stops[i])) as Float32Array<ArrayBuffer>;
    }
    return logits;
  }

  next(ids: Int32Array): Float32Array {
    return this.#stream.step(ids);
  }

  save(): PredictorState {
    return this.#stream.readState();
  }

  restore(state: PredictorState): void {
    if (state instanceof Float32Array) this.#stream.writeState(state);
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
