import { join, resolve } from 'node:path';
import type { Tensors } from '@rondo/core-native';
import type { Bundle, TrainerState } from './bundle/bundle.js';
import { encodeBundle, type FileSet } from './bundle/encode.js';
import { makeFolder, writeFolder } from './durable.js';
import { writeFailure } from './errors.js';
import type { CheckpointName } from './run/recover.js';
import { swapFolder, type SwapOptions } from './swap.js';
import { inTurn } from './turns.js';

/** What a bundle is saved with, besides itself. */
export interface SaveOptions extends SwapOptions {
  /** Makes it a resumable checkpoint: optimiser slots, carried state and step count are stored with it. */
  trainerState?: TrainerState;
  /** Averages of the parameters, to be stored with a resumable checkpoint. */
  averages?: Tensors;
  /** Gives the save up while the new version is written, and removes that; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Writes a model bundle. An older bundle in `dir` is replaced as one act: whatever happens, `dir` holds the old or the
 * new one. The parameters are copied before the first await, so the network may train on while the disk works.
 * @throws CheckpointError `RONDO_CHECKPOINT_UNWRITABLE`, `_DISK_FULL`, `_OCCUPIED` (a folder with other files in it is
 *   never replaced), `_VOCABULARY`, `_CONFIG`
 */
export async function saveBundle(dir: string, bundle: Bundle, options: SaveOptions = {}): Promise<void> {
  const { trainerState, averages } = options;
  const files = encodeBundle(bundle, trainerState && { trainerState, averages });
  const target = resolve(dir);
  await inTurn(target, () => publish(target, files, options));
}

/**
 * Writes a checkpoint of a run, with a trainer state where training is to go on from it.
 * The caller holds the run (see `lockRun`).
 */
export async function saveCheckpoint(
  runDir: string,
  name: CheckpointName,
  { bundle, ...options }: { bundle: Bundle } & SaveOptions,
): Promise<void> {
  await saveBundle(join(runDir, name), bundle, options);
}

async function publish(target: string, files: FileSet, { signal, onStep }: SaveOptions): Promise<void> {
  try {
    await makeFolder(join(target, '..'));
    await swapFolder(target, (folder) => writeFolder(folder, files, signal), { onStep });
  } catch (error) {
    signal?.throwIfAborted();
    throw writeFailure(error, target);
  }
}
