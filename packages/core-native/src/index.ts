export type { Batch, EvaluationResult, StepResult, TrainStepResult, UpdateOptions, UpdateResult } from './batch.js';
export { bench, type BenchOptions, type BenchReport } from './bench.js';
export type { BenchCase } from './bench-case.js';
export { addonInfo, listDevices, type AddonInfo, type DeviceInfo, type Precision } from './device.js';
export { EngineError, type EngineErrorCode } from './errors.js';
export { forecastMemory, type ForecastOptions, type MemoryForecast } from './forecast.js';
export { Network, type EvaluateOptions, type NetworkOptions, type StreamOptions } from './network.js';
export {
  returnsSequences,
  takesIds,
  type Activation,
  type ActivationSpec,
  type BatchNormSpec,
  type DenseSpec,
  type DropoutSpec,
  type HeadSpec,
  type InputSpec,
  type LayerSpec,
  type LstmSpec,
  type NetworkSpec,
  type RegressionHeadSpec,
  type ResolvedHeadSpec,
  type ResolvedLayerSpec,
  type ResolvedNetworkSpec,
  type SoftmaxHeadSpec,
} from './network-spec.js';
export type { AdamSpec, AdamwSpec, OptimizerSpec, ResolvedOptimizerSpec, RmspropSpec } from './optimizer-spec.js';
export { WEIGHT_PRECISIONS, type WeightPrecision } from './precision.js';
export { resolveNetworkSpec, resolveOptimizerSpec } from './resolve-spec.js';
export { Stream, type StepInputs } from './stream.js';
export type { ParameterInfo, Tensor, TensorInfo, Tensors } from './tensors.js';
