import { join, resolve } from 'node:path';
import { CheckpointError } from '../errors.js';
import { exists } from '../durable.js';
import { recoverFolder, siblings } from '../swap.js';
import { inTurn } from '../turns.js';
import { acquireLock, isOurs, liveHolder, type RunLock } from './run-lock.js';

/** The checkpoints of a run, in the order in which a model is looked for. */
export const CHECKPOINTS = ['best', 'last', 'good'] as const;
/** A checkpoint of a run. */
export type CheckpointName = (typeof CHECKPOINTS)[number];

/**
 * Takes a run for writing: locks it and finishes what an interrupted save has left.
 * @throws CheckpointError as {@link acquireLock}
 */
export async function lockRun(runDir: string): Promise<RunLock> {
  const lock = await acquireLock(runDir);
  try {
    await recoverAll(runDir);
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * Finishes (or takes back) interrupted saves of a run: afterwards each checkpoint is the old or the new version.
 * Leaves a run alone that another process is writing; readers see a whole version there too.
 * @returns true when something had to be done
 */
export async function recoverRun(runDir: string): Promise<boolean> {
  if (!(await isInterrupted(runDir))) return false;
  const holder = await liveHolder(runDir);
  if (holder !== undefined) return isOurs(holder) ? recoverAll(runDir) : false;
  const lock = await acquireLock(runDir, 'recover');
  try {
    return await recoverAll(runDir);
  } finally {
    await lock.release();
  }
}

/**
 * As {@link recoverRun} for somebody who only wants to read: a run that anybody is writing is left alone, and a disk that
 * cannot be written is no obstacle.
 */
export async function recoverForReading(runDir: string): Promise<void> {
  const harmless = ['RONDO_CHECKPOINT_UNWRITABLE', 'RONDO_CHECKPOINT_DISK_FULL', 'RONDO_CHECKPOINT_LOCKED'];
  try {
    if ((await liveHolder(runDir)) === undefined) await recoverRun(runDir);
  } catch (error) {
    if (!(error instanceof CheckpointError && harmless.includes(error.code))) throw error;
  }
}

async function isInterrupted(runDir: string): Promise<boolean> {
  for (const name of CHECKPOINTS) {
    const { fresh, old } = siblings(join(runDir, name));
    if ((await exists(fresh)) || (await exists(old))) return true;
  }
  return false;
}

async function recoverAll(runDir: string): Promise<boolean> {
  let changed = false;
  for (const name of CHECKPOINTS) {
    const folder = resolve(runDir, name);
    changed = (await inTurn(folder, () => recoverFolder(folder))) || changed;
  }
  return changed;
}
