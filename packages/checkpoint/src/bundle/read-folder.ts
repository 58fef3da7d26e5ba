import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, readFailure } from '../errors.js';
import type { RawFiles } from './decode.js';
import { FILES } from './files.js';

const ATTEMPTS = 20;
const PAUSE_MS = 25;

/**
 * Reads all files of one version of a bundle, even while another process replaces the folder: if it was replaced during
 * the reading, the reading starts again.
 * @param locate the folder to read now; undefined while it is between two names
 * @param names of the files that are wanted
 * @returns undefined where there is no such folder
 */
export async function readBundleFolder(
  locate: () => Promise<string | undefined>,
  names: readonly string[] = Object.values(FILES),
): Promise<{ folder: string; files: RawFiles } | undefined> {
  for (let attempt = 1; ; attempt++) {
    const folder = await locate();
    const files = folder === undefined ? undefined : await readOneVersion(folder, names);
    if (folder !== undefined && files !== undefined) return { folder, files };
    // A missing folder is looked for twice: the first look may have fallen between two renames.
    if (attempt >= (folder === undefined ? 2 : ATTEMPTS)) return undefined;
    await sleep(PAUSE_MS);
  }
}

async function readOneVersion(folder: string, names: readonly string[]): Promise<RawFiles | undefined> {
  const before = await identity(folder);
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const bytes = await readIfThere(join(folder, name));
    if (bytes !== undefined) files.set(name, bytes);
  }
  return before !== undefined && before === (await identity(folder)) ? files : undefined;
}

/** Changes whenever another folder takes this name: renaming a folder touches its change time. */
async function identity(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, ctimeNs, birthtimeNs } = await stat(folder, { bigint: true });
    return `${dev}:${ino}:${ctimeNs}:${birthtimeNs}`;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw readFailure(error, folder);
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw readFailure(error, path);
  }
}
