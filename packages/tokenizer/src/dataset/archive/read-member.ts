import { closeSync, openSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { readFully } from '../id-file.js';
import type { ArchiveMember } from './member.js';

const LOCAL_BYTES = 30;

/**
 * The content of a file inside an archive at `path`, never more than `maxBytes`, whatever the archive claims.
 * @throws Error with the reason for whoever packed it.
 */
export function readMember(path: string, member: ArchiveMember, maxBytes: number): Uint8Array {
  const { method, size, packed } = member;
  if (size > maxBytes || packed > maxBytes) {
    throw new Error(`the file has ${Math.max(size, packed)} bytes, more than the limit of ${maxBytes}`);
  }
  if (method === 'encrypted') throw new Error('the file is encrypted in its archive');
  if (method === 'unknown' || method === 'left-out')
    throw new Error('the file is packed in a way that is not supported');
  const fd = openSync(path, 'r');
  try {
    const bytes = readExactly(fd, contentOffset(fd, member), packed);
    return method === 'zip-deflated' ? inflate(bytes, maxBytes) : bytes;
  } finally {
    closeSync(fd);
  }
}

/** In a zip a header stands before the content, with a name and an extra field of its own length. */
function contentOffset(fd: number, { method, offset }: ArchiveMember): number {
  if (method === 'plain') return offset;
  const header = Buffer.from(readExactly(fd, offset, LOCAL_BYTES));
  if (header.readUInt32LE(0) !== 0x04034b50) throw new Error('the archive has no file where its directory says so');
  return offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

function readExactly(fd: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (readFully(fd, bytes, offset) === length) return bytes;
  throw new Error('the archive ends inside the file');
}

function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `the file unpacks to more than the limit of ${maxBytes} bytes`
        : `the file is damaged in its archive (${code ?? 'no deflated data'})`,
    );
  }
}
