import { availableParallelism } from 'node:os';
import { EngineError, Network, type Precision } from '@rondo/core-native';
import { Tokenizer, TokenizerError } from '@rondo/tokenizer';
import { z } from 'zod';
import { CheckpointError } from '../errors.js';
import { readSafetensors } from '../safetensors/read.js';
import type { Tensors } from '../safetensors/types.js';
import type { Bundle, TrainingState } from './bundle.js';
import { type BundleConfig, parseBundleConfig } from './config.js';
import { AVERAGE_PREFIX, CARRIED_PREFIX, SLOT_PREFIX } from './encode.js';
import { FILES } from './files.js';
import { parseJson } from './json.js';
import { countParameters } from './parameter-count.js';
import { assertSameVocabulary, assertVocabularyFits, configSide, tokenizerSide } from './vocabulary-check.js';

/** Where and how the network of a bundle is to live. */
export interface LoadOptions {
  device?: 'auto' | 'cpu' | 'cuda';
  /** CPU threads, at most as many as there are cores: more would only wait for each other. Default: all cores. */
  threads?: number;
  /** Arithmetic; default: the device's own. */
  precision?: Precision;
  /** Key of the dropout masks when training goes on; the weights come from the file. Default 0. */
  seed?: number;
}

/** Bytes of a bundle's files by name; a file that is not there is absent. */
export type RawFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Makes a bundle from the bytes of its files. Everything is checked before the engine allocates the network.
 * @param folder how messages call the place
 */
export function decodeBundle(files: RawFiles, folder: string, options: LoadOptions): Bundle {
  const config = decodeConfig(files, folder);
  const tokenizer = decodeTokenizer(files, folder);
  const [left, right] = [configSide(labelOf(folder, FILES.config), config), tokenizerSide(FILES.tokenizer, tokenizer)];
  assertSameVocabulary(left, right);
  assertVocabularyFits(config, labelOf(folder, FILES.config));
  const seeds = decodeSeeds(files, folder, config.vocabulary);
  const weights = readSafetensors(required(files, FILES.weights, folder), labelOf(folder, FILES.weights));
  return { network: makeNetwork(config, weights, folder, options), tokenizer, config, seeds };
}

/** The config among a bundle's files. */
export function decodeConfig(files: RawFiles, folder: string): BundleConfig {
  return parseBundleConfig(jsonFile(files, FILES.config, folder), labelOf(folder, FILES.config));
}

/** Puts the weights among a bundle's files into a network that is there already. */
export function decodeWeights(files: RawFiles, folder: string, network: Network): void {
  const label = labelOf(folder, FILES.weights);
  fillNetwork(network, readSafetensors(required(files, FILES.weights, folder), label), label);
}

/** The trainer's part of a resumable checkpoint, or undefined where the folder is a plain bundle. */
export function decodeTrainingState(files: RawFiles, folder: string): TrainingState | undefined {
  if (!files.has(FILES.trainer)) return undefined;
  const label = labelOf(folder, FILES.trainer);
  const result = trainerSchema.safeParse(jsonFile(files, FILES.trainer, folder));
  if (!result.success) throw corrupt(label, 'is not the state of a training run');
  const { stepCount, trainer } = result.data;
  const state: TrainingState = { stepCount, trainer, slots: new Map(), carried: new Map(), averages: new Map() };
  const optimizer = labelOf(folder, FILES.optimizer);
  for (const [name, tensor] of readSafetensors(required(files, FILES.optimizer, folder), optimizer)) {
    if (name.startsWith(SLOT_PREFIX)) state.slots.set(name.slice(SLOT_PREFIX.length), tensor);
    else if (name.startsWith(CARRIED_PREFIX)) state.carried.set(name.slice(CARRIED_PREFIX.length), tensor);
    else if (name.startsWith(AVERAGE_PREFIX)) state.averages.set(name.slice(AVERAGE_PREFIX.length), tensor);
    else throw corrupt(optimizer, `holds an unknown tensor ${JSON.stringify(name)}`);
  }
  return state;
}

const trainerSchema = z.strictObject({
  format: z.literal('rondo-trainer-state'),
  formatVersion: z.literal(1),
  stepCount: z.int().min(0),
  trainer: z.record(z.string(), z.unknown()),
});

function decodeTokenizer(files: RawFiles, folder: string): Tokenizer {
  const json = jsonFile(files, FILES.tokenizer, folder);
  try {
    return Tokenizer.fromJSON(json);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const label = labelOf(folder, FILES.tokenizer);
    if (error instanceof TokenizerError && error.code === 'RONDO_TOKENIZER_MISMATCH') {
      throw new CheckpointError('RONDO_CHECKPOINT_VOCABULARY', `${label} was changed: ${error.message}.`, {
        cause: error,
      });
    }
    throw corrupt(label, `cannot be used: ${error.message}`, error);
  }
}

function decodeSeeds(files: RawFiles, folder: string, vocabulary: number): Int32Array[] {
  const id = z
    .int()
    .min(0)
    .max(vocabulary - 1);
  const schema = z.strictObject({ windows: z.array(z.array(id)) });
  const result = schema.safeParse(jsonFile(files, FILES.seeds, folder));
  if (!result.success) throw corrupt(labelOf(folder, FILES.seeds), `does not hold windows of ids below ${vocabulary}`);
  return result.data.windows.map((ids) => Int32Array.from(ids));
}

function makeNetwork(config: BundleConfig, weights: Tensors, folder: string, options: LoadOptions): Network {
  const label = labelOf(folder, FILES.weights);
  const found = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  const expected = countParameters(config.spec);
  if (found !== expected)
    throw misfit(label, `it holds ${found} values, the network of ${FILES.config} has ${expected}`);
  const { seed = 0, device, precision } = options;
  const threads = options.threads && Math.min(options.threads, availableParallelism());
  const network = Network.create(config.spec, { seed, device, threads, precision, optimizer: config.optimizer });
  try {
    fillNetwork(network, weights, label);
    return network;
  } catch (error) {
    network.dispose();
    throw error;
  }
}

function fillNetwork(network: Network, weights: Tensors, label: string): void {
  try {
    network.writeParameters(weights);
  } catch (error) {
    if (error instanceof EngineError) throw misfit(label, error.message, error);
    throw error;
  }
}

function jsonFile(files: RawFiles, name: string, folder: string): unknown {
  return parseJson(required(files, name, folder), labelOf(folder, name));
}

function required(files: RawFiles, name: string, folder: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes !== undefined) return bytes;
  const message = `${folder} has no ${name}, so it is not a whole model bundle; copy or save the model again.`;
  throw new CheckpointError('RONDO_CHECKPOINT_MISSING', message);
}

function labelOf(folder: string, name: string): string {
  return `${folder}/${name}`;
}

function corrupt(label: string, what: string, cause?: unknown): CheckpointError {
  return new CheckpointError('RONDO_CHECKPOINT_CORRUPT', `${label} ${what}; copy or save the model again.`, { cause });
}

function misfit(label: string, what: string, cause?: unknown): CheckpointError {
  return new CheckpointError('RONDO_CHECKPOINT_WEIGHTS', `${label} does not fit its network: ${what}.`, { cause });
}
