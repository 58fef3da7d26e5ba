import { basename } from 'node:path';
import { CheckpointError, writeFailure } from './errors.js';
import { exists, listFolder, removeFolder, renameDurably } from './durable.js';
import { isComplete, strangers } from './bundle/files.js';

/** The moments of a swap between which the machine may stop. */
export type SwapStep = 'begun' | 'written' | 'oldAside' | 'newInPlace' | 'oldDeleted';

export interface SwapOptions {
  /** Called after each step, for tests that stop the process there. */
  onStep?: (step: SwapStep) => void;
}

/**
 * Where the new version is written and the old one is put aside. In a run these names are Rondo's own; beside a bundle
 * that stands anywhere else, `model.old` may well be somebody's backup, so the names there say whose they are.
 */
export function siblings(target: string): { fresh: string; old: string } {
  const prefix = ['last', 'best', 'good'].includes(basename(target)) ? '' : 'rondo-';
  return { fresh: `${target}.${prefix}new`, old: `${target}.${prefix}old` };
}

/**
 * Replaces the folder `target` as one act: `write` fills `target.new`, then `target` → `target.old`,
 * `target.new` → `target`, and `target.old` is deleted. A failure of `write` leaves `target` as it was.
 * @throws CheckpointError `RONDO_CHECKPOINT_OCCUPIED` where the target holds files that are not a bundle's,
 *   `_UNWRITABLE`, `_DISK_FULL`, `_IO`
 */
export async function swapFolder(
  target: string,
  write: (folder: string) => Promise<void>,
  { onStep = () => {} }: SwapOptions = {},
): Promise<void> {
  const { fresh, old } = siblings(target);
  try {
    for (const path of [target, fresh, old]) await refuseStrangers(path);
    await recoverFolder(target);
    onStep('begun');
    await fill(fresh, write);
    onStep('written');
    if (await exists(target)) await renameDurably(target, old);
    onStep('oldAside');
    await renameDurably(fresh, target);
    onStep('newInPlace');
    await removeFolder(old);
    onStep('oldDeleted');
  } catch (error) {
    throw writeFailure(error, target);
  }
}

async function fill(fresh: string, write: (folder: string) => Promise<void>): Promise<void> {
  try {
    await write(fresh);
  } catch (error) {
    // What was written is of no use, and on a full disk it is in the way; the first failure is the one to report.
    await removeFolder(fresh).catch(() => {});
    throw error;
  }
}

/** What stands on the disk for a folder that is swapped, whatever step the last swap reached. */
interface SwapState {
  current: boolean;
  fresh: boolean;
  old: boolean;
}

/**
 * The path that holds the newest whole version of a swapped folder right now, or undefined where there is none.
 * Changes nothing: this is how a reader looks at a run that another process is writing.
 */
export async function currentFolder(target: string): Promise<string | undefined> {
  const { fresh, old } = siblings(target);
  const state = await swapState(target);
  if (state.current) return target;
  if (state.fresh && (await isComplete(fresh))) return fresh;
  return state.old ? old : undefined;
}

/**
 * Finishes (or takes back) a swap that was interrupted. Afterwards there is `target` alone, or nothing.
 * Only for whoever is alone in the folder. Folders with files that are not a bundle's are never touched.
 * @returns true when something had to be done
 */
export async function recoverFolder(target: string): Promise<boolean> {
  const { fresh, old } = siblings(target);
  const state = await swapState(target);
  if (!state.fresh && !state.old) return false;
  for (const path of [fresh, old]) await refuseStrangers(path);
  if (!state.current) {
    // Not every disk keeps the order it was asked to keep, so the new version must prove that it is whole.
    if (state.fresh && (await isComplete(fresh))) await renameDurably(fresh, target);
    else if (state.old) await renameDurably(old, target);
  }
  await removeFolder(fresh);
  await removeFolder(old);
  return true;
}

async function swapState(target: string): Promise<SwapState> {
  const { fresh, old } = siblings(target);
  return { current: await exists(target), fresh: await exists(fresh), old: await exists(old) };
}

/** A folder is ours to replace when it holds nothing but files of a bundle. */
async function refuseStrangers(path: string): Promise<void> {
  const names = await listFolder(path);
  if (names === undefined) return;
  const foreign = strangers(names);
  if (foreign.length === 0) return;
  const list = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? `, … (${foreign.length})` : '');
  const message = `${path} holds files that are not part of a model bundle (${list}) and would be lost; choose another folder or move them away.`;
  throw new CheckpointError('RONDO_CHECKPOINT_OCCUPIED', message);
}
