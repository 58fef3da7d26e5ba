import { deflateRawSync } from 'node:zlib';

/** Bytes of a tar: names with their contents, in the ustar layout; long names as GNU or pax headers. */
export function tarOf(files: readonly (readonly [string, Uint8Array])[], long: 'gnu' | 'pax' = 'gnu'): Buffer {
  const parts = files.flatMap(([name, bytes]) => {
    const bare = Buffer.from(name);
    if (bare.length <= 100) return entry(name, '0', bytes);
    const pax = paxRecord('path', name);
    const header = long === 'gnu' ? entry('././@LongLink', 'L', Buffer.from(`${name}\0`)) : entry('pax', 'x', pax);
    return [...header, ...entry(bare.subarray(0, 100).toString(), '0', bytes)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (String(length).length + Buffer.byteLength(rest) !== length) length += 1;
  return Buffer.from(`${length}${rest}`);
}

function entry(name: string, type: string, bytes: Uint8Array): Buffer[] {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, Buffer.from(bytes), Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}

export interface ZipPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the directory claims instead of the truth. */
  readonly claims?: {
    readonly size?: number;
    readonly packed?: number;
    readonly offset?: number;
    readonly flags?: number;
    readonly method?: number;
  };
}

/** Bytes of a zip64 archive, whose directory may lie. */
export function zip64Of(parts: readonly ZipPart[], comment = ''): Buffer {
  const [files, directory]: Buffer[][] = [[], []];
  let offset = 0;
  for (const { name, bytes, claims = {} } of parts) {
    const packed = deflateRawSync(bytes);
    const file = Buffer.concat([localHeader(name), packed]);
    directory.push(
      directoryEntry(name, { size: bytes.length, packed: packed.length, offset, flags: 0x800, method: 8, ...claims }),
    );
    files.push(file);
    offset += file.length;
  }
  const listing = Buffer.concat(directory);
  const [end64, locator, end] = [Buffer.alloc(56), Buffer.alloc(20), Buffer.alloc(22)];
  end64.writeUInt32LE(0x06064b50, 0);
  for (const [field, value] of [[32, parts.length], [40, listing.length], [48, offset]]) end64.writeBigUInt64LE(BigInt(value), field); // prettier-ignore
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + listing.length), 8);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(0xffff, 10);
  end.writeUInt32LE(0xffffffff, 12);
  end.writeUInt32LE(0xffffffff, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...files, listing, end64, locator, end, Buffer.from(comment)]);
}

function localHeader(name: string): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(Buffer.byteLength(name), 26);
  return Buffer.concat([header, Buffer.from(name)]);
}

function directoryEntry(
  name: string,
  fields: Record<'size' | 'packed' | 'offset' | 'flags' | 'method', number>,
): Buffer {
  const [header, extra] = [Buffer.alloc(46), Buffer.alloc(28)];
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(fields.flags, 8);
  header.writeUInt16LE(fields.method, 10);
  header.writeUInt32LE(0xffffffff, 20);
  header.writeUInt32LE(0xffffffff, 24);
  header.writeUInt16LE(Buffer.byteLength(name), 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(0xffffffff, 42);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(fields.size), 4);
  extra.writeBigUInt64LE(BigInt(fields.packed), 12);
  extra.writeBigUInt64LE(BigInt(fields.offset), 20);
  return Buffer.concat([header, Buffer.from(name), extra]);
}
