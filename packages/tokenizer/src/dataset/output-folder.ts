import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../files/make-folder.js';
import { isKept, lockFolder } from './journal.js';
import { DatasetError } from './dataset-error.js';
import { FILE_NAMES, MANIFEST_FILE } from './manifest.js';

type Existing = 'nothing' | 'empty' | 'dataset';

/**
 * A dataset in the making: written to a folder beside its place and moved there at the end, so that a reader
 * sees the old dataset or the new one, and a failure leaves nothing behind.
 */
export class OutputFolder {
  /** Whether reading has begun: from then on what an earlier run left is this run's. */
  hasBegun = false;

  private constructor(
    readonly out: string,
    /** Where to write. */
    readonly work: string,
  ) {}

  /** Where work is kept that an interrupted run can take up again. */
  get partial(): string {
    return `${this.out}.partial`;
  }

  /** @throws DatasetError RONDO_DATASET_FOREIGN if the place holds anything but a dataset, RONDO_DATASET_WRITE. */
  static async open(path: string): Promise<OutputFolder> {
    const out = resolve(path);
    await inspect(out, path);
    try {
      makeFolder(dirname(out));
      const work = `${out}.new-${randomBytes(4).toString('hex')}`;
      const folder = new OutputFolder(out, work);
      makeFolder(folder.partial);
      lockFolder(folder.partial, path);
      await mkdir(work);
      return folder;
    } catch (error) {
      throw writeError(path, error);
    }
  }

  /** Moves the finished folder to its place. What was put there meanwhile, and is no dataset, is left alone. */
  async commit(): Promise<void> {
    const existing = await inspect(this.out, this.out);
    const old = `${this.work}.old`;
    try {
      syncFolder(this.work);
      if (existing === 'empty') await rmdir(this.out);
      if (existing === 'dataset') await rename(this.out, old);
      try {
        await rename(this.work, this.out);
      } catch (error) {
        if (existing === 'dataset') await rename(old, this.out);
        throw error;
      }
      syncFolder(dirname(this.out));
      await rm(old, { recursive: true, force: true });
    } catch (error) {
      throw writeError(this.out, error);
    }
  }

  /** Leaves what this run (or, if it never came to reading, an earlier one) can take up again. */
  async pause(): Promise<void> {
    const names = await readdir(this.partial).catch(() => []);
    for (const name of names) if (!isKept(name)) await rm(join(this.partial, name), { force: true });
    await rmdir(this.partial).catch(() => undefined); // not empty: then there is something to keep
  }

  /** Removes what could be taken up again. */
  async forget(): Promise<void> {
    await rm(this.partial, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Removes the folder that was to be moved to its place. */
  async discard(): Promise<void> {
    await rm(this.work, { recursive: true, force: true }).catch(() => undefined); // the first error is the one to tell
  }
}

async function inspect(out: string, path: string): Promise<Existing> {
  const info = await stat(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw writeError(path, error);
  });
  if (info === undefined) return 'nothing';
  if (!info.isDirectory()) throw foreign(path, 'is a file');
  const names = await readdir(out);
  if (names.length === 0) return 'empty';
  const manifest = await readFile(join(out, MANIFEST_FILE), 'utf8').catch(() => '');
  if (!manifest.includes('"rondo-dataset"')) throw foreign(path, 'holds other files');
  const stranger = names.find((name) => !FILE_NAMES.has(name));
  if (stranger !== undefined) throw foreign(path, `holds a file that is no part of a dataset (${stranger})`);
  return 'dataset';
}

function foreign(path: string, what: string): DatasetError {
  return new DatasetError('RONDO_DATASET_FOREIGN', `${path} ${what}: choose a new folder for the dataset`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large for the disk',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file',
  ENOENT: 'the place cannot be made',
};

/** One line for anything that went wrong while writing. */
export function writeError(path: string, error: unknown): DatasetError {
  if (error instanceof DatasetError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = REASONS[code ?? ''] ?? message;
  const text = `the dataset ${path} cannot be written: ${reason}; nothing was changed`;
  return new DatasetError('RONDO_DATASET_WRITE', text, { cause: error });
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
