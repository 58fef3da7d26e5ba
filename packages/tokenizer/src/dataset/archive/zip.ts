import { closeSync, fstatSync, openSync } from 'node:fs';
import { readFully } from '../id-file.js';
import { DatasetError } from '../dataset-error.js';
import type { ArchiveMember } from './member.js';

/** APPNOTE.TXT by PKWARE: signatures and fixed sizes of the records. */
const [END, END_64, LOCATOR_64, ENTRY] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50];
const [END_BYTES, LOCATOR_BYTES, ENTRY_BYTES] = [22, 20, 46];
const LONGEST_COMMENT = 0xffff;
const MAX_DIRECTORY = 1 << 30;
const [ALL_16, ALL_32] = [0xffff, 0xffff_ffff];

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly entries: number;
}

/**
 * The files that a zip archive's directory names (zip64 too), without reading their contents.
 * @throws DatasetError RONDO_DATASET_INPUT for what is no whole zip, and for one whose files overlap.
 */
export function listZip(path: string): ArchiveMember[] {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const directory = findDirectory(fd, size, path);
    if (directory.size > MAX_DIRECTORY || directory.offset + directory.size > size)
      throw damaged(path, 'its directory');
    const members = readDirectory(read(fd, directory.offset, directory.size), directory.entries, path);
    const packed = members.reduce((sum, member) => sum + member.packed, 0);
    if (packed > size || members.some(({ offset }) => offset >= size)) throw damaged(path, 'files that overlap');
    return members;
  } finally {
    closeSync(fd);
  }
}

/** The record at the end of the file, before a comment of any length; zip64 keeps the true numbers in one before it. */
function findDirectory(fd: number, size: number, path: string): Directory {
  const start = Math.max(0, size - END_BYTES - LONGEST_COMMENT - LOCATOR_BYTES);
  const tail = read(fd, start, size - start);
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END) continue;
    const end = {
      entries: tail.readUInt16LE(at + 10),
      size: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    };
    const needs64 = end.entries === ALL_16 || end.size === ALL_32 || end.offset === ALL_32;
    const locator = at - LOCATOR_BYTES;
    if (!needs64 || locator < 0 || tail.readUInt32LE(locator) !== LOCATOR_64) return end;
    const record = read(fd, Number(tail.readBigUInt64LE(locator + 8)), 56);
    if (record.length < 56 || record.readUInt32LE(0) !== END_64) break;
    const [entries, bytes, offset] = [32, 40, 48].map((field) => Number(record.readBigUInt64LE(field)));
    return { entries, size: bytes, offset };
  }
  throw damaged(path, 'no zip directory at its end');
}

function readDirectory(bytes: Buffer, entries: number, path: string): ArchiveMember[] {
  const members: ArchiveMember[] = [];
  let at = 0;
  for (let i = 0; i < entries; i += 1) {
    if (at + ENTRY_BYTES > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw damaged(path, 'its directory');
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const end = at + ENTRY_BYTES + nameBytes + extraBytes;
    if (end > bytes.length) throw damaged(path, 'its directory');
    members.push(readEntry(bytes.subarray(at, end), nameBytes));
    at = end + commentBytes;
  }
  return members;
}

function readEntry(entry: Buffer, nameBytes: number): ArchiveMember {
  const flags = entry.readUInt16LE(8);
  const compression = entry.readUInt16LE(10);
  const name = entry.toString((flags & 0x800) === 0 ? 'latin1' : 'utf8', ENTRY_BYTES, ENTRY_BYTES + nameBytes);
  const sizes = [entry.readUInt32LE(24), entry.readUInt32LE(20), entry.readUInt32LE(42)];
  const [size, packed, offset] = widen(sizes, entry.subarray(ENTRY_BYTES + nameBytes));
  const known = compression === 0 ? 'zip-stored' : compression === 8 ? 'zip-deflated' : 'unknown';
  return { name, size, packed, offset, method: (flags & 1) === 0 ? known : 'encrypted' };
}

/** Numbers that do not fit in 32 bits stand, in this order, in the extra field of zip64. */
function widen(numbers: readonly number[], extra: Buffer): number[] {
  let field: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  let at = 0;
  return numbers.map((number) => {
    if (number !== ALL_32 || at + 8 > field.length) return number;
    at += 8;
    return Number(field.readBigUInt64LE(at - 8));
  });
}

function read(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, length));
  return bytes.subarray(0, readFully(fd, bytes, offset));
}

function damaged(path: string, what: string): DatasetError {
  return new DatasetError(
    'RONDO_DATASET_INPUT',
    `the archive ${path} is damaged (${what}): pack it again or give its folder`,
  );
}
