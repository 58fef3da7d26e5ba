import type { Batch, EvaluationResult, StepResult, TrainStepResult, UpdateOptions, UpdateResult } from './batch.js';
import { checkBatch } from './batch-validation.js';
import type { DeviceInfo, Precision } from './device.js';
import { describe, settle, unexpected } from './errors.js';
import { loadBinding } from './load-binding.js';
import type { NativeNetwork, TensorGroup } from './native-binding.js';
import type { NetworkSpec, ResolvedNetworkSpec } from './network-spec.js';
import type { OptimizerSpec, ResolvedOptimizerSpec } from './optimizer-spec.js';
import type { WeightPrecision } from './precision.js';
import { parseWith, resolveNetworkSpec, resolveOptimizerSpec } from './resolve-spec.js';
import {
  evaluateOptionsSchema,
  networkOptionsSchema,
  streamOptionsSchema,
  updateOptionsSchema,
} from './spec-schema.js';
import { Stream } from './stream.js';
import { elementCount, nameTensors, listTensors, orderTensors, type ParameterInfo, type Tensors } from './tensors.js';

/** What a network is made with, besides its spec. */
export interface NetworkOptions {
  /** Integer 0 … 2⁵³ − 1: starts the initial weights and all dropout masks. */
  seed: number;
  /** auto (default) = CUDA if this build and this machine have it, else the CPU. */
  device?: 'auto' | 'cpu' | 'cuda';
  /** CPU threads; default one per hardware thread. The results do not depend on it. */
  threads?: number;
  /** Default RMSprop with Keras' defaults. */
  optimizer?: OptimizerSpec;
  /** Arithmetic of the matrix products. Default: bf16 on CUDA, fp32 on the CPU, which has no other. */
  precision?: Precision;
}

/** How many rows a stream has, and how it keeps the weights. */
export interface StreamOptions {
  /** Independent sequences that are stepped together. Default 1. */
  rows?: number;
  /** Default fp32. */
  precision?: WeightPrecision;
}

/** How an evaluation is computed. */
export interface EvaluateOptions {
  /** Default fp32. */
  precision?: WeightPrecision;
}

/**
 * A network with its weights, gradients, optimiser slots and carried states on one device.
 *
 * The promise-returning calls run on a worker thread, one at a time: while one runs, every other call that needs the
 * weights throws or rejects with RONDO_ENGINE_BUSY. After `dispose()` they give RONDO_ENGINE_DISPOSED.
 */
export class Network {
  /** The spec with every default filled in. */
  readonly spec: ResolvedNetworkSpec;
  /** The optimiser with every default filled in. */
  readonly optimizer: ResolvedOptimizerSpec;
  /** Names and shapes of all parameters, moving statistics included, in bundle order. */
  readonly parameters: readonly ParameterInfo[];
  /** Values of all parameters, moving statistics included. */
  readonly parameterCount: number;
  /** Where it runs. */
  readonly device: DeviceInfo;
  /** CPU threads that the engine uses. */
  readonly threads: number;
  /** Arithmetic of the matrix products. */
  readonly precision: Precision;
  readonly #native: NativeNetwork;

  private constructor(native: NativeNetwork, spec: ResolvedNetworkSpec, optimizer: ResolvedOptimizerSpec) {
    this.#native = native;
    this.spec = spec;
    this.optimizer = optimizer;
    this.parameters = native.parameters;
    this.parameterCount = this.parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    this.device = native.device;
    this.threads = native.threads;
    this.precision = native.precision;
  }

  /**
   * Makes a network with initial weights drawn from the seed.
   * Throws RONDO_ENGINE_SPEC, RONDO_ENGINE_OPTION, RONDO_ENGINE_DEVICE, RONDO_ENGINE_UNSUPPORTED (a precision that the
   * device does not have), RONDO_ENGINE_MEMORY or RONDO_ADDON_MISSING.
   */
  static create(spec: NetworkSpec, options: NetworkOptions): Network {
    const resolved = resolveNetworkSpec(spec);
    const { seed, device, threads, precision } = parseWith(
      networkOptionsSchema,
      options,
      'network options',
      'RONDO_ENGINE_OPTION',
    );
    const optimizer = resolveOptimizerSpec(options.optimizer ?? { kind: 'rmsprop' });
    const { binding } = loadBinding();
    const native = binding.createNetwork({ spec: resolved, optimizer, seed, device, threads, precision });
    return new Network(native, resolved, optimizer);
  }

  /** Native memory in bytes: parameters, gradients, slots, states, work space and open streams. 0 once disposed. */
  get memoryBytes(): number {
    return this.#native.memoryBytes;
  }

  /** True after `dispose()`. */
  get disposed(): boolean {
    return this.#native.disposed;
  }

  /** Updates done so far: the counter of the dropout masks and Adam's t. Set it to resume. */
  get stepCount(): number {
    return this.#native.stepCount;
  }

  set stepCount(count: number) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw unexpected('RONDO_ENGINE_OPTION', 'stepCount', 'an integer ≥ 0', describe(count));
    }
    this.#native.setStepCount(count);
  }

  /**
   * Takes now what training on such batches will need, so that too little memory shows before the first step:
   * RONDO_ENGINE_MEMORY says what is needed, what is free, and on a GPU the largest batch that fits. `memoryBytes` is
   * then what training holds.
   */
  reserve({ time, batch }: { time: number; batch: number }): void {
    for (const [name, value] of Object.entries({ time, batch })) {
      if (Number.isInteger(value) && value >= 1) continue;
      throw unexpected('RONDO_ENGINE_OPTION', `reserve: ${name}`, 'an integer ≥ 1', describe(value));
    }
    this.#native.reserve(time, batch);
  }

  /** Forward, loss, backward, clip and update in one native call. */
  async trainStep(batch: Batch, update: UpdateOptions): Promise<TrainStepResult> {
    return settle(this.#native.trainStep(checkBatch(this.spec, batch, 'targets'), checkUpdate(update)));
  }

  /**
   * Names the batch that the next call will be made with, while this one still runs: a GPU then has it by the time it is
   * wanted. What comes in its place is used all the same. Does nothing on the CPU.
   */
  stage(batch: Batch): void {
    if (this.device.kind !== 'cpu') this.#native.stage(checkBatch(this.spec, batch, 'targets'));
  }

  /** Forward and backward; adds to the gradients. Several accumulated batches count like one large one. */
  async accumulate(batch: Batch): Promise<StepResult> {
    return settle(this.#native.accumulate(checkBatch(this.spec, batch, 'targets')));
  }

  /** Clips and applies the accumulated gradients, clears them, and counts one step. */
  async update(options: UpdateOptions): Promise<UpdateResult> {
    return settle(this.#native.update(checkUpdate(options)));
  }

  /**
   * The loss in inference mode. Its carried state stands apart from that of training. With a precision: of the weights as
   * a stream of that precision has them, on any device.
   */
  async evaluate(batch: Batch, options: EvaluateOptions = {}): Promise<EvaluationResult> {
    const { precision } = parseWith(evaluateOptionsSchema, options, 'evaluate options', 'RONDO_ENGINE_OPTION');
    const native = await settle(this.#native.evaluate(checkBatch(this.spec, batch, 'targets'), precision));
    const { rowNll: nll, rowHits: hits, rowWeight: weight, ...result } = native;
    return { ...result, rows: { nll, hits, weight } };
  }

  /** Probabilities of the first softmax head, [T][B][V], or [B][V] when only the last step comes out. */
  async predict(batch: Batch): Promise<Float32Array<ArrayBuffer>> {
    return settle(this.#native.predict(checkBatch(this.spec, batch, 'inputs')));
  }

  /** Copies of all parameters, moving statistics included. */
  readParameters(): Tensors {
    return this.#read('parameters');
  }

  /** Sets all parameters. Names and shapes must be those of `parameters`, else RONDO_ENGINE_SHAPE and nothing changes. */
  writeParameters(tensors: Tensors): void {
    this.#write('parameters', tensors);
  }

  /** Copies of the gradients of the mean loss over everything accumulated since the last update. */
  readGradients(): Tensors {
    return this.#read('gradients');
  }

  /** Replaces the gradients, as a mean over everything: what slices of a batch have averaged, before `update`. */
  writeGradients(tensors: Tensors): void {
    this.#write('gradients', tensors);
  }

  /** Copies of what the optimiser keeps for each trainable parameter. */
  readOptimizerSlots(): Tensors {
    return this.#read('optimizerSlots');
  }

  /** Names and shapes as `readOptimizerSlots` gives them, all of them. */
  writeOptimizerSlots(tensors: Tensors): void {
    this.#write('optimizerSlots', tensors);
  }

  /** The states [B, H] that the last training call with `carryState` left; empty when there is none. */
  readTrainingState(): Tensors {
    return this.#read('trainingState');
  }

  /** Sets the carried state of training, for any batch size. Names and sizes must fit the network. */
  writeTrainingState(tensors: Tensors): void {
    this.#native.writeTensors('trainingState', listTensors('trainingState', tensors));
  }

  /** Forgets both carried states, of training and of inference. */
  resetState(): void {
    this.#native.resetState();
  }

  /**
   * A stateful one-token stepper. A reduced precision makes it read fewer bytes per token; streams of the same one share a
   * copy of the weights. Throws RONDO_ENGINE_UNSUPPORTED for networks that read backwards or have no softmax head, and
   * for a reduced precision on a device other than the CPU.
   */
  openStream(options: StreamOptions = {}): Stream {
    const { rows, precision } = parseWith(streamOptionsSchema, options, 'stream options', 'RONDO_ENGINE_OPTION');
    return new Stream(this.#native.openStream(rows, precision), this.spec, rows, precision);
  }

  /**
   * Ends the network and its streams; may be called again. A step that still runs is let finish (its promise settles as
   * usual), then the memory is freed.
   */
  dispose(): void {
    this.#native.dispose();
  }

  #read(group: TensorGroup): Tensors {
    return nameTensors(this.#native.tensorInfos(group), this.#native.readTensors(group));
  }

  #write(group: TensorGroup, tensors: Tensors): void {
    this.#native.writeTensors(group, orderTensors(group, this.#native.tensorInfos(group), tensors));
  }
}

function checkUpdate(update: UpdateOptions): UpdateOptions {
  return parseWith(updateOptionsSchema, update, 'update options', 'RONDO_ENGINE_OPTION');
}
