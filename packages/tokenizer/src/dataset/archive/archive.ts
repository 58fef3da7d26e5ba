import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../midi/limits.js';
import type { ArchiveMember } from './member.js';
import { unpackTar } from './unpack-tar.js';
import { listZip } from './zip.js';

/** How archives are read. */
export interface ArchiveOptions {
  /** A folder for the contents of tar archives, which can only be read from their start; or what makes it when needed. */
  readonly scratch: string | (() => string);
  /** Names of the files that count. */
  readonly wanted: (name: string) => boolean;
  readonly signal?: AbortSignal;
}

export interface OpenArchive {
  /** The file that holds the members. */
  readonly location: string;
  readonly members: readonly ArchiveMember[];
}

export function isArchive(path: string): boolean {
  return /\.(zip|tar|tgz|tar\.gz)$/i.test(path);
}

/** The files of an archive. @throws DatasetError RONDO_DATASET_INPUT where it is damaged or made to do harm. */
export async function listArchive(path: string, real: string, options: ArchiveOptions): Promise<OpenArchive> {
  const { wanted, signal, scratch } = options;
  if (/\.zip$/i.test(path)) return { location: path, members: listZip(path) };
  const folder = typeof scratch === 'string' ? scratch : scratch();
  const location = join(folder, `tar-${createHash('sha256').update(real).digest('hex').slice(0, 16)}`);
  return { location, members: await unpackTar(path, location, { wanted, signal, maxBytes: DEFAULT_LIMITS.maxBytes }) };
}
