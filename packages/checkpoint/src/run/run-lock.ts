import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CheckpointError, errnoOf, readFailure, writeFailure } from '../errors.js';
import { makeFolder } from '../durable.js';
import { isAlive, thisProcess } from './process-identity.js';

export const LOCK_FILE = 'run.lock';

/** What `run.lock` says about its holder. */
const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  boot: z.string().optional(),
  started: z.string().optional(),
  /** ISO 8601 time of locking. */
  since: z.string(),
  /** `train` holds a run for hours, `recover` for milliseconds. */
  purpose: z.enum(['train', 'recover']),
  token: z.string(),
});

/** Who holds a run, as its `run.lock` says. */
export type LockHolder = z.infer<typeof holderSchema>;

/** The right to write in a run. */
export interface RunLock {
  readonly path: string;
  /** Gives the run free; may be called again. Never removes a lock that somebody else has taken over. */
  release(): Promise<void>;
}

/** Locks that this instance of the module holds: worker threads of the same process are somebody else. */
const held = new Set<string>();

const PATIENCE_MS = 2000;
const PAUSE_MS = 20;

/**
 * Takes `run.lock` in a run folder (made where missing). A lock left by a dead process is taken over.
 * @throws CheckpointError `RONDO_CHECKPOINT_LOCKED` while its holder lives (or stands on another machine, where nobody
 *   can tell), `RONDO_CHECKPOINT_UNWRITABLE`, `RONDO_CHECKPOINT_DISK_FULL`
 */
export async function acquireLock(runDir: string, purpose: LockHolder['purpose'] = 'train'): Promise<RunLock> {
  const path = join(runDir, LOCK_FILE);
  const holder: LockHolder = { ...thisProcess(), since: new Date().toISOString(), purpose, token: randomUUID() };
  try {
    await makeFolder(runDir);
    for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
      if (await create(path, holder)) break;
      const other = await readHolder(path);
      if (other !== undefined && other !== 'gone') refuseLiving(path, other, Date.now() < deadline);
      if (other === undefined || (other !== 'gone' && isAlive(other) === false)) await removeStale(path, other);
    }
  } catch (error) {
    throw writeFailure(error, path);
  }
  held.add(holder.token);
  return { path, release: () => release(path, holder.token) };
}

/** Who holds the run now and lives (as far as can be told), or undefined. */
export async function liveHolder(runDir: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(join(runDir, LOCK_FILE));
  if (holder === undefined || holder === 'gone') return undefined;
  return isAlive(holder) === false ? undefined : holder;
}

/** True when the lock was taken through this instance of the module. */
export function isOurs(holder: LockHolder): boolean {
  return held.has(holder.token);
}

/** A link appears with its whole content or not at all, and fails where the name exists. */
async function create(path: string, holder: LockHolder): Promise<boolean> {
  const text = `${JSON.stringify(holder)}\n`;
  const draft = `${path}.${holder.token}`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await link(draft, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(errnoOf(error) ?? '')) return createPlainly(path, text);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** For file systems without hard links. */
async function createPlainly(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** undefined for a lock that cannot be read as one (a crash before its bytes reached the disk). */
async function readHolder(path: string): Promise<LockHolder | 'gone' | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return 'gone';
    throw readFailure(error, path);
  }
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A reader that tidies up is done at once and worth waiting for; a training is not. */
function refuseLiving(path: string, holder: LockHolder, patient: boolean): void {
  const alive = isAlive(holder);
  if (alive === false || (holder.purpose === 'recover' && patient)) return;
  const who = `process ${holder.pid} on ${holder.host} (since ${holder.since})`;
  const remedy =
    alive === 'unknown'
      ? `if that process is gone, delete ${path}`
      : 'wait for it, stop it, or train into another folder';
  throw new CheckpointError('RONDO_CHECKPOINT_LOCKED', `This run is in use by ${who}; ${remedy}.`);
}

/**
 * Moves a dead lock out of the way. Two processes may both have found it dead: what was moved is looked at again, and
 * a lock that the faster one has just taken is put back.
 */
async function removeStale(path: string, dead: LockHolder | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved !== undefined && moved !== 'gone' && moved.token !== dead?.token) {
    await link(aside, path).catch(() => {});
  }
  await rm(aside, { force: true });
}

async function release(path: string, token: string): Promise<void> {
  if (!held.delete(token)) return;
  const holder = await readHolder(path);
  if (holder !== undefined && holder !== 'gone' && holder.token === token) await rm(path, { force: true });
}
