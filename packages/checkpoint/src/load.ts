import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Bundle, TrainingState } from './bundle/bundle.js';
import type { BundleConfig } from './bundle/config.js';
import {
  decodeBundle,
  decodeConfig,
  decodeTrainingState,
  decodeWeights,
  type LoadOptions,
  type RawFiles,
} from './bundle/decode.js';
import { FILES } from './bundle/files.js';
import { readBundleFolder } from './bundle/read-folder.js';
import { exists } from './durable.js';
import { CheckpointError, errnoOf, readFailure } from './errors.js';
import { type CheckpointName, CHECKPOINTS, recoverForReading } from './run/recover.js';
import { currentFolder } from './swap.js';

/** A bundle with what training needs to go on, where the folder holds that. */
export interface Checkpoint {
  bundle: Bundle;
  training: TrainingState | undefined;
}

/**
 * Loads a model: a bundle's folder, or a run's (its `best`, else its `last`). An interrupted save is finished first; a
 * save that another process is just making does no harm.
 * @throws CheckpointError `RONDO_CHECKPOINT_MISSING`, `_TRUNCATED`, `_CORRUPT`, `_DTYPE`, `_CONFIG`, `_VERSION`,
 *   `_VOCABULARY`, `_WEIGHTS`; EngineError where the device or the memory is not there
 */
export async function loadBundle(pathOrRun: string, options: LoadOptions = {}): Promise<Bundle> {
  const { folder, files } = await openModel(pathOrRun);
  return decodeBundle(files, folder, options);
}

/**
 * What the `config.json` of a model says, without its weights.
 * @throws CheckpointError `RONDO_CHECKPOINT_MISSING`, `_CORRUPT`, `_CONFIG`, `_VERSION`
 */
export async function readBundleConfig(pathOrRun: string): Promise<BundleConfig> {
  const { folder, files } = await openModel(pathOrRun, [FILES.config]);
  return decodeConfig(files, folder);
}

/** Loads a checkpoint of a run together with its training state; undefined where there is no such checkpoint. */
export async function loadCheckpoint(
  runDir: string,
  name: CheckpointName = 'last',
  options: LoadOptions = {},
): Promise<Checkpoint | undefined> {
  const found = await openCheckpoint(runDir, name);
  if (found === undefined) return undefined;
  const training = decodeTrainingState(found.files, found.folder);
  return { bundle: decodeBundle(found.files, found.folder, options), training };
}

/** The training state alone; undefined where there is no checkpoint or it holds none. */
export async function loadTrainerState(
  runDir: string,
  name: CheckpointName = 'last',
): Promise<TrainingState | undefined> {
  const found = await openCheckpoint(runDir, name);
  return found === undefined ? undefined : decodeTrainingState(found.files, found.folder);
}

/**
 * Puts the weights and the training state of a run's checkpoint into a network of the same spec and optimiser that is
 * there already: nothing is allocated on its device.
 * @returns undefined where there is no such checkpoint or training cannot go on from it; the network is then as it was
 * @throws CheckpointError as {@link loadBundle}
 */
export async function restoreCheckpoint(
  runDir: string,
  name: CheckpointName,
  network: Bundle['network'],
): Promise<TrainingState | undefined> {
  const found = await openCheckpoint(runDir, name);
  const training = found && decodeTrainingState(found.files, found.folder);
  if (found === undefined || training === undefined) return undefined;
  decodeWeights(found.files, found.folder, network);
  network.resetState();
  restoreTraining(network, training);
  return training;
}

/**
 * Puts optimiser slots, carried state and step count back into a network of the same spec and optimiser.
 * @throws CheckpointError `RONDO_CHECKPOINT_WEIGHTS` where they do not fit
 */
export function restoreTraining(network: Bundle['network'], state: TrainingState): void {
  try {
    network.writeOptimizerSlots(state.slots);
    if (state.carried.size > 0) network.writeTrainingState(state.carried);
    network.stepCount = state.stepCount;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The checkpoint's ${FILES.optimizer} does not fit this network: ${reason}.`;
    throw new CheckpointError('RONDO_CHECKPOINT_WEIGHTS', message, { cause: error });
  }
}

interface Found {
  folder: string;
  files: RawFiles;
}

async function openCheckpoint(runDir: string, name: CheckpointName): Promise<Found | undefined> {
  await recoverForReading(resolve(runDir));
  return readBundleFolder(() => currentFolder(join(resolve(runDir), name)));
}

async function openModel(pathOrRun: string, names?: readonly string[]): Promise<Found> {
  const path = resolve(pathOrRun);
  const inRun = (CHECKPOINTS as readonly string[]).includes(basename(path));
  await recoverForReading(inRun ? dirname(path) : path);
  const found = await readBundleFolder(() => locate(path), names);
  if (found === undefined) throw await missing(path);
  return found;
}

/** The folder that holds the model now: the path itself, its half-renamed version, or a run's best or last. */
async function locate(path: string): Promise<string | undefined> {
  const own = await currentFolder(path);
  if (own === undefined || (await exists(join(own, FILES.config)))) return own;
  for (const name of CHECKPOINTS) {
    const checkpoint = await currentFolder(join(path, name));
    if (checkpoint !== undefined) return checkpoint;
  }
  // A folder with weights but no config is a damaged bundle and deserves that message.
  return (await exists(join(own, FILES.weights))) ? own : undefined;
}

async function missing(path: string): Promise<CheckpointError> {
  let what = `${path} holds neither a model bundle (${FILES.config}, ${FILES.weights}) nor a run (best/ or last/)`;
  try {
    if (!(await stat(path)).isDirectory()) what = `${path} is a file`;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') return readFailure(error, path);
    what = `there is no ${path}`;
  }
  const message = `No model found: ${what}; give the folder of a bundle or of a run.`;
  return new CheckpointError('RONDO_CHECKPOINT_MISSING', message);
}
