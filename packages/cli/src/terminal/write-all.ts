import type { Writable } from 'node:stream';

/**
 * Writes all bytes, however slowly they are read: a pipe takes no more than it has room for. A reader that goes away early
 * has heard enough.
 */
export function writeAll(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error?: NodeJS.ErrnoException | null) => {
      if (error === null || error === undefined || error.code === 'EPIPE') resolve();
      else reject(error);
    });
  });
}
