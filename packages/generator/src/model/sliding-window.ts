import type { Network } from '@rondo/core-native';
import type { Predictor, PredictorState } from './predictor.js';

/** Logits of a probability that underflowed to 0: far below everything, but still a number. */
const LEAST = 1e-38;

/** The last `window` ids of every row through the whole network for each new token, as the tutorial does. */
export class SlidingWindow implements Predictor {
  #windows: Int32Array[] = [];

  constructor(
    readonly network: Network,
    readonly input: string,
    readonly vocabulary: number,
    readonly window: number,
  ) {}

  start(contexts: readonly Int32Array[]): Promise<Float32Array> {
    this.#windows = contexts.map((ids) => ids.slice(-this.window));
    return this.#predict();
  }

  next(ids: Int32Array): Promise<Float32Array> {
    this.#windows = this.#windows.map((before, row) => Int32Array.of(...before, ids[row]).slice(-this.window));
    return this.#predict();
  }

  save(): PredictorState {
    return this.#windows;
  }

  restore(state: PredictorState): void {
    if (!('stream' in state)) this.#windows = [...state];
  }

  dispose(): void {
    this.#windows = [];
  }

  async #predict(): Promise<Float32Array> {
    const batch = this.#windows.length;
    const lengths = Int32Array.from(this.#windows, (ids) => ids.length);
    const time = Math.max(...lengths);
    const ids = new Int32Array(time * batch);
    this.#windows.forEach((row, b) => row.forEach((id, t) => (ids[t * batch + b] = id)));
    const padded = lengths.some((length) => length < time);
    const inputs = { [this.input]: ids };
    const p = await this.network.predict({ batch, time, inputs, ...(padded ? { lengths } : {}) });
    const perStep = p.length === batch * this.vocabulary ? undefined : lengths;
    return this.#logits(p, batch, perStep);
  }

  /** Log probabilities [B][V]; with `lengths`, the network has given all steps and the last valid one of each row is taken. */
  #logits(p: Float32Array, batch: number, lengths?: Int32Array): Float32Array {
    const V = this.vocabulary;
    const out = new Float32Array(batch * V);
    for (let b = 0; b < batch; b++) {
      const from = ((lengths === undefined ? 0 : lengths[b] - 1) * batch + b) * V;
      for (let id = 0; id < V; id++) out[b * V + id] = Math.log(Math.max(p[from + id], LEAST));
    }
    return out;
  }
}
