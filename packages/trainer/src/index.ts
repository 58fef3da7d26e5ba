export { arraySource, type PieceIds, type PieceSource, splitSource } from './batches/piece-source.js';
export type { BatchPlan, Epoch, PlanOptions, TokenNames, TrainBatch } from './batches/epoch.js';
export { planBatches, tokenNames } from './batches/plan.js';
export { TrainerError, type TrainerErrorCode, UsageError } from './errors.js';
export { encodePieces, type EncodedPieces, type SkippedPiece } from './evaluation/encode-pieces.js';
export {
  evaluateLikelihood,
  type Likelihood,
  type LikelihoodOptions,
  type PieceLikelihood,
} from './evaluation/likelihood.js';
export { predictNext, type PredictOptions } from './evaluation/predict.js';
export type * from './loop/events.js';
export { readMetrics, readRecoveries } from './loop/metrics-file.js';
export type { MemoryNeed } from './loop/memory.js';
export type { RunOptions, TrainOptions } from './loop/options.js';
export type { TrainSummary } from './loop/summary.js';
export { train } from './loop/train.js';
export { embeddedNetwork, type EmbeddedShape } from './presets/networks.js';
export { adaptToObjective } from './presets/objective.js';
export { findPreset, type Preset, PRESET_NAMES, presetNetwork, type PresetName, PRESETS } from './presets/presets.js';
export { changeShape, type PresetShape, SHAPE_NAMES, type ShapeChanges, shapedNetwork } from './presets/shape.js';
export { DEFAULT_SETTINGS, type Objective, resolveSettings, type TrainSettings } from './presets/settings.js';
export { tensorBoardLog, type TensorBoardLog, type TensorBoardOptions } from './tensorboard/tensorboard-log.js';
export type * from './tuning/events.js';
export type { HalvingPlan } from './tuning/halving.js';
export { TUNE_DEFAULTS, type TuneOptions } from './tuning/options.js';
export { DEFAULT_SPACE, resolveSpace, type SearchSpace, type TrialPoint } from './tuning/space.js';
export { readStudy, type StudyState, type Trial, type TrialResult } from './tuning/study.js';
export { tune } from './tuning/tune.js';
export type { RankedTrial, TuneSummary } from './tuning/tune-summary.js';
