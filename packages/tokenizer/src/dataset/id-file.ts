import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { endianness } from 'node:os';

const BUFFER_IDS = 1 << 18;

/** Writes ids of 2 or 4 bytes, little-endian, in large blocks; gives the SHA-256 of the file at the end. */
export class IdWriter {
  /** Ids so far. */
  length = 0;
  private readonly fd: number;
  private readonly buffer: Uint16Array | Uint32Array;
  private readonly hash = createHash('sha256');
  private used = 0;

  constructor(path: string, bytes: 2 | 4) {
    this.buffer = bytes === 2 ? new Uint16Array(BUFFER_IDS) : new Uint32Array(BUFFER_IDS);
    this.fd = openSync(path, 'w');
  }

  write(ids: ArrayLike<number>): void {
    for (let i = 0; i < ids.length; i += 1) {
      if (this.used === BUFFER_IDS) this.flush();
      this.buffer[this.used++] = ids[i];
    }
    this.length += ids.length;
  }

  /** Writes what is left, makes it durable and closes the file. */
  finish(): string {
    this.flush();
    fsyncSync(this.fd);
    closeSync(this.fd);
    return this.hash.digest('hex');
  }

  /** Closes the file after a failure. */
  abandon(): void {
    closeSync(this.fd);
  }

  private flush(): void {
    const bytes = littleEndian(this.buffer.subarray(0, this.used));
    for (let written = 0; written < bytes.length; ) written += writeSync(this.fd, bytes, written);
    this.hash.update(bytes);
    this.used = 0;
  }
}

/** Reads up to `bytes.length` bytes at `position`; fewer only at the end of the file. */
export function readFully(fd: number, bytes: Uint8Array, position: number): number {
  let read = 0;
  while (read < bytes.length) {
    const more = readSync(fd, bytes, read, bytes.length - read, position + read);
    if (more === 0) break;
    read += more;
  }
  return read;
}

/** The bytes of numbers in file order, or numbers from bytes in file order: the same swap on big-endian machines. */
export function littleEndian(numbers: Uint16Array | Uint32Array): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (endianness() === 'LE') return bytes;
  return numbers.BYTES_PER_ELEMENT === 2 ? bytes.swap16() : bytes.swap32();
}
