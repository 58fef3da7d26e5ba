import { checkInputValues } from './batch-validation.js';
import { describe, EngineError, settle, unexpected } from './errors.js';
import type { NativeStream } from './native-binding.js';
import { takesIds, type InputSpec, type ResolvedNetworkSpec } from './network-spec.js';
import type { WeightPrecision } from './precision.js';

/** Values of one step: ids [rows] for a network with one input of ids, else the arrays by input name. */
export type StepInputs = Int32Array | Record<string, Int32Array | Float32Array>;

/**
 * A kept state per row that takes one token at a time, in inference mode. V = vocabulary of the first softmax head.
 * It uses its network's weights: while that one is busy, calls give RONDO_ENGINE_BUSY.
 */
export class Stream {
  /** Independent sequences that are stepped together. */
  readonly rows: number;
  /** Of the weights that it multiplies with. */
  readonly precision: WeightPrecision;
  readonly #native: NativeStream;
  readonly #inputs: readonly InputSpec[];

  /** Made by `Network.openStream`. */
  constructor(native: NativeStream, spec: ResolvedNetworkSpec, rows: number, precision: WeightPrecision) {
    this.#native = native;
    this.#inputs = spec.inputs;
    this.rows = rows;
    this.precision = precision;
  }

  /** Bytes of weights that one step reads. */
  get weightBytes(): number {
    return this.#native.weightBytes;
  }

  /** One step of every row, synchronously. Returns logits [rows][V]. */
  step(inputs: StepInputs): Float32Array<ArrayBuffer> {
    return this.#native.step(this.#check(inputs, 1));
  }

  /**
   * `n` steps on a worker thread, for priming; inputs as in `step`, of all steps: [n][rows].
   * Returns the logits [rows][V] after the last one: the same bits as `n` calls of `step`.
   */
  async steps(inputs: StepInputs, n: number): Promise<Float32Array<ArrayBuffer>> {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw unexpected('RONDO_ENGINE_OPTION', 'stream: n', 'an integer ≥ 1', describe(n));
    }
    return settle(this.#native.steps(this.#check(inputs, n), n));
  }

  /** Zeroes the state of one row, or of all rows. */
  reset(row?: number): void {
    if (row !== undefined && !(Number.isInteger(row) && row >= 0 && row < this.rows)) {
      throw unexpected('RONDO_ENGINE_SHAPE', 'stream: row', `0 … ${String(this.rows - 1)}`, describe(row));
    }
    this.#native.reset(row ?? -1);
  }

  /** A copy of the whole state, to be given to `writeState` of a stream with as many rows. */
  readState(): Float32Array<ArrayBuffer> {
    return this.#native.readState();
  }

  /** The state of `readState`, of a stream with as many rows. */
  writeState(state: Float32Array): void {
    if (!(state instanceof Float32Array)) {
      throw unexpected('RONDO_ENGINE_SHAPE', 'stream: state', 'a Float32Array', describe(state));
    }
    this.#native.writeState(state);
  }

  /** Frees the state; may be called again. */
  dispose(): void {
    this.#native.dispose();
  }

  #check(inputs: StepInputs, n: number): (Int32Array | Float32Array)[] {
    const [first] = this.#inputs;
    if (inputs instanceof Int32Array && first !== undefined && this.#inputs.length === 1 && takesIds(first)) {
      return [checkInputValues('stream: inputs', first, inputs, n * this.rows, this.rows)];
    }
    const named = requireNamed(inputs, this.#inputs);
    return this.#inputs.map((input) =>
      checkInputValues(`stream: inputs.${input.name}`, input, named[input.name], n * this.rows, this.rows),
    );
  }
}

function requireNamed(inputs: StepInputs, specs: readonly InputSpec[]): Record<string, Int32Array | Float32Array> {
  const names = specs.map((spec) => spec.name).join(', ');
  if (typeof inputs !== 'object' || inputs === null || ArrayBuffer.isView(inputs)) {
    throw unexpected('RONDO_ENGINE_SHAPE', 'stream: inputs', `arrays by name (${names})`, describe(inputs));
  }
  const unknown = Object.keys(inputs).find((name) => !specs.some((spec) => spec.name === name));
  if (unknown !== undefined) {
    throw new EngineError('RONDO_ENGINE_SHAPE', `stream: inputs: expected the names ${names}, received "${unknown}"`);
  }
  return inputs;
}
