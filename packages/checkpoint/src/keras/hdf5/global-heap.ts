/** A collection of the global heap, where HDF5 keeps texts of any length: signature, version 1, three reserved bytes. */
const COLLECTION = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];

/** Bytes before the objects of a collection, and before the data of an object. */
const HEADER = 16;

/**
 * What would lead the HDF5 library in circles: it walks a collection by the sizes of its objects, and stays for ever at
 * one whose size leaves it where it is (free space of no bytes, or a size that wraps around).
 * @param bytes a whole HDF5 file
 * @returns what is wrong, or undefined
 */
export function findHeapDamage(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytesOfLengths(file) !== 8) return undefined;
  const signature = Buffer.from(COLLECTION);
  for (let at = file.indexOf(signature); at >= 0; at = file.indexOf(signature, at + 1)) {
    if (at + HEADER > file.length) return undefined;
    const end = Math.min(at + Number(file.readBigUInt64LE(at + 8)), file.length);
    if (!walks(file, at + HEADER, end)) return `the sizes in its heap at byte ${at} lead nowhere`;
  }
  return undefined;
}

/** The size of a size, as the superblock says. */
function bytesOfLengths(file: Buffer): number {
  return file[file[8] < 2 ? 14 : 10];
}

function walks(file: Buffer, from: number, end: number): boolean {
  for (let at = from; at + HEADER <= end; ) {
    const free = file.readUInt16LE(at) === 0;
    const size = Number(file.readBigUInt64LE(at + 8));
    const step = free ? size : HEADER + Math.ceil(size / 8) * 8;
    if (step === 0 || step > end - at) return false;
    at += step;
  }
  return true;
}
