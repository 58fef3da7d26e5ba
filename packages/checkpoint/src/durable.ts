import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeFolder as makePlainFolder } from '@rondo/tokenizer/node';
import { errnoOf } from './errors.js';

/** Bytes handed to the kernel in one call. */
const SLICE_BYTES = 8 << 20;

/**
 * Writes a file and returns only when its bytes are on the disk. Chunks are written one after the other.
 * @throws the signal's reason, once it is aborted
 */
export async function writeDurably(path: string, chunks: readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const chunk of chunks) await writeAll(file, chunk, signal);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, signal?: AbortSignal): Promise<void> {
  let at = 0;
  while (at < chunk.byteLength) {
    signal?.throwIfAborted();
    const { bytesWritten } = await file.write(chunk, at, Math.min(SLICE_BYTES, chunk.byteLength - at));
    at += bytesWritten;
  }
}

/** Makes the entries of a folder durable: a rename is on the disk only after its parent folder is. */
export async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle;
  try {
    folder = await open(path, 'r');
  } catch (error) {
    if (errnoOf(error) === 'EISDIR' || errnoOf(error) === 'EPERM') return; // Windows cannot open a folder
    throw error;
  }
  try {
    await folder.sync();
  } catch (error) {
    // Some network and FUSE file systems have no such call; the rename itself is still atomic.
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'ENOSYS'].includes(errnoOf(error) ?? '')) throw error;
  } finally {
    await folder.close();
  }
}

/** Names in a folder, or undefined where there is no such folder. Anything else than a folder counts as `ENOTDIR`. */
export async function listFolder(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** `mkdir -p`, each new folder durable in its parent. */
export async function makeFolder(path: string): Promise<void> {
  for (const made of makePlainFolder(path)) await syncFolder(dirname(made));
}

export async function renameDurably(from: string, to: string): Promise<void> {
  await renamePatiently(from, to);
  await syncFolder(dirname(to));
}

/** How often, and how long in between, a rename is tried again on Windows. */
const PATIENCE = { tries: 20, milliseconds: 50 };

/**
 * On Windows a folder cannot be renamed while anybody looks into it, and virus scanners and indexers do for a moment after
 * something was written. Elsewhere a refusal is final.
 */
async function renamePatiently(from: string, to: string): Promise<void> {
  for (let left = process.platform === 'win32' ? PATIENCE.tries : 0; ; left -= 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (left <= 0 || !['EPERM', 'EACCES', 'EBUSY'].includes(errnoOf(error) ?? '')) throw error;
      await setTimeout(PATIENCE.milliseconds);
    }
  }
}

export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** Writes each named file of a folder that does not exist yet, then the folder itself. */
export async function writeFolder(
  path: string,
  files: ReadonlyMap<string, readonly Uint8Array[]>,
  signal?: AbortSignal,
): Promise<void> {
  await makeFolder(path);
  for (const [name, chunks] of files) await writeDurably(join(path, name), chunks, signal);
  await syncFolder(path);
}
