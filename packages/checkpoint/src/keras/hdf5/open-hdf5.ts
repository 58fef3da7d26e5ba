import { Worker } from 'node:worker_threads';
import { formatError, KerasError } from '../errors.js';
import { LIMITS } from '../limits.js';
import type { Hdf5Result, Hdf5Tree } from './tree.js';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, at) => bytes[at] === byte);
}

export interface ReadOptions {
  /** The file of the thread; undefined reads in this one (tests on TypeScript sources, where there is none). */
  entry?: URL;
  milliseconds?: number;
}

/**
 * Reads an HDF5 file in a thread of its own, which ends with it: what a damaged file does to the library or to its memory
 * stays there, and a file that leads it in circles is given up.
 * @param label how messages call the file
 * @throws KerasError `RONDO_KERAS_FORMAT`, `RONDO_KERAS_LIMIT`
 */
export async function openHdf5(bytes: Uint8Array, label: string, options: ReadOptions = {}): Promise<Hdf5Tree> {
  if (!isHdf5(bytes)) throw formatError(label, 'it does not begin as an HDF5 file or a .keras archive does');
  const { entry = workerEntry(), milliseconds = LIMITS.readMilliseconds } = options;
  const result = await (entry === undefined ? readHere(bytes) : readThere(bytes, entry, milliseconds));
  if ('tree' in result) return result.tree;
  if (!result.limit) throw formatError(label, `its HDF5 structure is damaged (${result.failure})`);
  throw new KerasError('RONDO_KERAS_LIMIT', `${label} is larger than what is read: ${result.failure}.`);
}

async function readHere(bytes: Uint8Array): Promise<Hdf5Result> {
  const { readHdf5 } = await import('./read-hdf5.js');
  return readHdf5(bytes);
}

function readThere(bytes: Uint8Array, entry: URL, milliseconds: number): Promise<Hdf5Result> {
  // The library's own complaints would stand between ours: its streams are taken and left unread.
  const worker = new Worker(entry, { workerData: bytes, stdout: true, stderr: true });
  return new Promise<Hdf5Result>((resolve) => {
    const fail = (failure: string, limit = false) => resolve({ failure, limit });
    const timer = setTimeout(() => fail(`reading took more than ${milliseconds / 1000} s`, true), milliseconds);
    worker.once('message', resolve);
    worker.once('error', (error: Error) => fail(error.message));
    worker.once('exit', (code) => fail(`its reader ended with code ${code}`));
    timer.unref();
  }).finally(() => worker.terminate());
}

function workerEntry(): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL('./read-worker.js', import.meta.url);
}
