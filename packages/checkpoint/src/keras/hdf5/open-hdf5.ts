import { formatError, KerasError } from '../errors.js';
import { LIMITS } from '../limits.js';
import { findHeapDamage } from './global-heap.js';
import { Hdf5Thread } from './hdf5-thread.js';
import type { Hdf5Result, Hdf5Tree } from './tree.js';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, at) => bytes[at] === byte);
}

export interface ReadOptions {
  /** A thread for several files; default: one of its own for this file. */
  thread?: Hdf5Thread;
  milliseconds?: number;
  /** Ends the thread of a file that is read in one of its own; reading then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Reads an HDF5 file in another thread. From TypeScript sources (tests) there is no file for one, and it is read in this.
 * @param label how messages call the file
 * @throws KerasError `RONDO_KERAS_FORMAT`, `RONDO_KERAS_LIMIT`
 */
export async function openHdf5(bytes: Uint8Array, label: string, options: ReadOptions = {}): Promise<Hdf5Tree> {
  if (!isHdf5(bytes)) throw formatError(label, 'it does not begin as an HDF5 file or a .keras archive does');
  const damage = findHeapDamage(bytes);
  if (damage !== undefined) throw damaged(label, damage);
  const result = await read(bytes, options);
  if ('tree' in result) return result.tree;
  if (!result.limit) throw damaged(label, result.failure);
  throw new KerasError('RONDO_KERAS_LIMIT', `${label} is larger than what is read: ${result.failure}.`);
}

function damaged(label: string, how: string): KerasError {
  return formatError(label, `its HDF5 structure is damaged (${how})`);
}

async function read(bytes: Uint8Array, { thread, signal, ...options }: ReadOptions): Promise<Hdf5Result> {
  const { milliseconds = LIMITS.readMilliseconds + bytes.length / LIMITS.readBytesPerMillisecond } = options;
  if (thread !== undefined) return thread.read(bytes, milliseconds);
  const entry = workerEntry();
  if (entry === undefined) return readHere(bytes);
  const own = new Hdf5Thread(entry);
  const close = (): void => void own.close();
  try {
    signal?.addEventListener('abort', close);
    const result = await own.read(bytes, milliseconds);
    signal?.throwIfAborted();
    return result;
  } finally {
    signal?.removeEventListener('abort', close);
    await own.close();
  }
}

async function readHere(bytes: Uint8Array): Promise<Hdf5Result> {
  const { readHdf5 } = await import('./read-hdf5.js');
  return readHdf5(bytes);
}

function workerEntry(): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL('./read-worker.js', import.meta.url);
}
