export type { Bundle, TrainerState, TrainingState } from './bundle/bundle.js';
export { type BundleConfig, parseBundleConfig } from './bundle/config.js';
export type { LoadOptions } from './bundle/decode.js';
export { FILES } from './bundle/files.js';
export { assertSameVocabulary, configSide, tokenizerSide, type VocabularySide } from './bundle/vocabulary-check.js';
export { CheckpointError, type CheckpointErrorCode } from './errors.js';
export {
  type Checkpoint,
  loadBundle,
  loadCheckpoint,
  loadTrainerState,
  readBundleConfig,
  restoreCheckpoint,
  restoreTraining,
} from './load.js';
export { type CheckpointName, lockRun, recoverRun } from './run/recover.js';
export { liveHolder, type LockHolder, type RunLock } from './run/run-lock.js';
export { readSafetensors, readSafetensorsWithMetadata } from './safetensors/read.js';
export type { Metadata, Tensors } from './safetensors/types.js';
export { writeSafetensors } from './safetensors/write.js';
export { saveBundle, saveCheckpoint, type SaveOptions } from './save.js';
