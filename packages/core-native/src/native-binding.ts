import type { StepResult, TrainStepResult, UpdateOptions, UpdateResult } from './batch.js';
import type { BenchCase } from './bench-case.js';
import type { AddonInfo, DeviceInfo, Precision } from './device.js';
import type { EngineError } from './errors.js';
import type { MemoryForecast } from './forecast.js';
import type { ResolvedNetworkSpec } from './network-spec.js';
import type { ResolvedOptimizerSpec } from './optimizer-spec.js';
import type { WeightPrecision } from './precision.js';
import type { NamedTensor, ParameterInfo, TensorInfo } from './tensors.js';

// What the native addon exports. Arguments arrive checked and complete; it re-checks only what would be unsafe.

/** What a network is made from. */
export interface NativeConfig {
  spec: ResolvedNetworkSpec;
  optimizer: ResolvedOptimizerSpec;
  seed: number;
  device: 'auto' | 'cpu' | 'cuda';
  /** 0 = as many as the machine has. */
  threads: number;
  precision: 'auto' | Precision;
}

/** A checked batch; the arrays stand in the order of the spec. They are copied before a call returns. */
export interface NativeBatch {
  batch: number;
  time: number;
  inputs: (Int32Array | Float32Array)[];
  targets?: (Int32Array | Float32Array)[];
  weights?: Float32Array;
  lengths?: Int32Array;
  resets?: Uint8Array;
  carryState: boolean;
  rowOffset: number;
}

export interface NativeEvaluation extends StepResult {
  rowNll: Float64Array;
  rowHits: Float64Array;
  rowWeight: Float64Array;
}

/** Groups of tensors that can be read and written as a whole. */
export type TensorGroup = 'parameters' | 'gradients' | 'optimizerSlots' | 'trainingState';

export interface NativeNetwork {
  readonly device: DeviceInfo;
  readonly threads: number;
  readonly precision: Precision;
  readonly disposed: boolean;
  readonly parameters: ParameterInfo[];
  /** As of the last call that ended. */
  readonly memoryBytes: number;
  /** As of the last call that ended. */
  readonly stepCount: number;
  setStepCount(count: number): void;
  reserve(time: number, batch: number): void;
  trainStep(batch: NativeBatch, update: UpdateOptions): Promise<TrainStepResult>;
  /** While a call runs, too. */
  stage(batch: NativeBatch): void;
  accumulate(batch: NativeBatch): Promise<StepResult>;
  update(update: UpdateOptions): Promise<UpdateResult>;
  evaluate(batch: NativeBatch, precision: WeightPrecision): Promise<NativeEvaluation>;
  predict(batch: NativeBatch): Promise<Float32Array<ArrayBuffer>>;
  /** Names and shapes of a group, in the order in which `readTensors` gives the blocks. */
  tensorInfos(group: TensorGroup): TensorInfo[];
  readTensors(group: TensorGroup): Float32Array<ArrayBuffer>[];
  writeTensors(group: TensorGroup, tensors: NamedTensor[]): void;
  resetState(): void;
  openStream(rows: number, precision: WeightPrecision): NativeStream;
  dispose(): void;
}

export interface NativeStream {
  readonly weightBytes: number;
  step(inputs: (Int32Array | Float32Array)[]): Float32Array<ArrayBuffer>;
  steps(inputs: (Int32Array | Float32Array)[], n: number): Promise<Float32Array<ArrayBuffer>>;
  /** −1 = all rows. */
  reset(row: number): void;
  readState(): Float32Array<ArrayBuffer>;
  writeState(state: Float32Array): void;
  dispose(): void;
}

export interface NativeBenchReport {
  threads: number;
  fmaGflops: number;
  readGBps: number;
  rows: BenchCase[];
}

export interface NativeBenchCall {
  report: Promise<NativeBenchReport>;
  /** Ends the table between two runs; the report then has the rows so far. */
  stop(): void;
}

export interface NativeBinding {
  bench(
    options: {
      threads: number;
      seconds: number;
      only: string;
      batchSizes: number[];
      device: 'cpu' | 'cuda';
      precision: 'auto' | Precision;
    },
    onRow: (row: BenchCase) => void,
  ): NativeBenchCall;
  /** Errors of the engine are made with this class. */
  setErrorClass(errorClass: typeof EngineError): void;
  createNetwork(config: NativeConfig): NativeNetwork;
  forecastMemory(config: NativeConfig, batch: number, time: number): MemoryForecast;
  listDevices(): DeviceInfo[];
  info(): Omit<AddonInfo, 'path'>;
}
