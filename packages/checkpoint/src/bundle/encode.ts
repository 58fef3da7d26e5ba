import { safetensorsChunks } from '../safetensors/write.js';
import type { Tensors } from '../safetensors/types.js';
import type { Bundle, TrainerState } from './bundle.js';
import { parseBundleConfig } from './config.js';
import { FILES } from './files.js';
import { jsonBytes } from './json.js';
import { assertSameVocabulary, assertVocabularyFits, configSide, tokenizerSide } from './vocabulary-check.js';

/** File names → contents in pieces, in the order of writing. */
export type FileSet = Map<string, readonly Uint8Array[]>;

/** Prefixes of the groups of tensors in `optimizer.safetensors`. */
export const SLOT_PREFIX = 'slots/';
export const CARRIED_PREFIX = 'carried/';
export const AVERAGE_PREFIX = 'averages/';

/** What makes a bundle a resumable checkpoint, beside what the network itself holds. */
export interface TrainingParts {
  trainerState: TrainerState;
  averages?: Tensors | undefined;
}

/**
 * The files of a bundle, and with a trainer state those of a resumable checkpoint. Parameters are copied out of the
 * network before this returns, so training may go on while the files are written.
 * @throws CheckpointError `RONDO_CHECKPOINT_CONFIG`, `RONDO_CHECKPOINT_VOCABULARY`
 */
export function encodeBundle({ network, tokenizer, config, seeds }: Bundle, training?: TrainingParts): FileSet {
  const checked = parseBundleConfig(config, 'The given config');
  assertSameVocabulary(configSide('the given config', checked), tokenizerSide('the given tokenizer', tokenizer));
  assertVocabularyFits(checked, 'The given config');
  const files: FileSet = new Map();
  if (training !== undefined) {
    const { stepCount } = network;
    const state = { format: 'rondo-trainer-state', formatVersion: 1, stepCount, trainer: training.trainerState };
    files.set(FILES.optimizer, safetensorsChunks(optimizerTensors(network, training.averages)));
    files.set(FILES.trainer, [jsonBytes(state, FILES.trainer)]);
  }
  files.set(FILES.weights, safetensorsChunks(network.readParameters(), { format: 'rondo' }));
  files.set(FILES.seeds, [jsonBytes({ windows: seeds.map((ids) => Array.from(ids)) }, FILES.seeds)]);
  files.set(FILES.tokenizer, [jsonBytes(tokenizer.toJSON(), FILES.tokenizer)]);
  files.set(FILES.config, [jsonBytes(checked, FILES.config)]);
  return files;
}

function optimizerTensors(network: Bundle['network'], averages: Tensors = new Map()): Tensors {
  const all: Tensors = new Map();
  for (const [name, tensor] of network.readOptimizerSlots()) all.set(SLOT_PREFIX + name, tensor);
  for (const [name, tensor] of network.readTrainingState()) all.set(CARRIED_PREFIX + name, tensor);
  for (const [name, tensor] of averages) all.set(AVERAGE_PREFIX + name, tensor);
  return all;
}
