import { open } from 'node:fs/promises';
import { errnoOf } from '../errors.js';
import { KerasError } from './errors.js';

/** The bytes of a file that is not larger than `limit`. @throws KerasError `RONDO_KERAS_MISSING`, `RONDO_KERAS_LIMIT` */
export async function readLimited(path: string, limit: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const info = await file.stat();
      if (!info.isFile())
        throw missing(path, 'it is no file; a SavedModel folder must be saved as .keras or .h5 first');
      if (info.size > limit)
        throw new KerasError('RONDO_KERAS_LIMIT', `${path} has ${info.size} bytes; at most ${limit} are read.`);
      const bytes = new Uint8Array(info.size);
      const { bytesRead } = await file.read(bytes, 0, info.size, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof KerasError) throw error;
    const errno = errnoOf(error);
    throw missing(path, errno === 'ENOENT' ? 'there is no such file' : String((error as Error).message), error);
  }
}

function missing(path: string, what: string, cause?: unknown): KerasError {
  return new KerasError('RONDO_KERAS_MISSING', `Cannot read ${path}: ${what}.`, { cause });
}
