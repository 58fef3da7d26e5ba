import fs from 'node:fs';
import { CommandError } from '../terminal/exit-codes.js';

/** No file that is read as a whole is larger; a device such as /dev/zero has no end at all. */
const mostBytes = 512 * 2 ** 20;
const chunkBytes = 2 ** 20;

/** Bytes of a file (or of a pipe); a failure names it, also where the system's error does not. */
export function readFile(file: string): Buffer {
  return naming(file, () => {
    const handle = fs.openSync(file, 'r');
    try {
      return readAll(file, handle);
    } finally {
      fs.closeSync(handle);
    }
  });
}

function readAll(file: string, handle: number): Buffer {
  const chunks: Buffer[] = [];
  for (let bytes = 0; ; ) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const read = fs.readSync(handle, chunk);
    if (read === 0) return Buffer.concat(chunks);
    bytes += read;
    if (bytes > mostBytes)
      throw new CommandError(`${file} has no end within ${mostBytes / 2 ** 20} MiB; give a smaller file`);
    chunks.push(chunk.subarray(0, read));
  }
}

/** Writes a whole file or none: what was there before stays until the new bytes are complete. */
export function writeFile(file: string, content: string | Uint8Array): void {
  const part = `${file}.part`;
  naming(file, () => {
    try {
      fs.writeFileSync(part, content);
      fs.renameSync(part, file);
    } catch (error) {
      fs.rmSync(part, { force: true });
      throw error;
    }
  });
}

function naming<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { path: file });
    throw error;
  }
}
