const BLOCK = 512;
const LONGEST_NAME = 64 * 1024;

export interface TarHeader {
  readonly name: string;
  readonly size: number;
  readonly isFile: boolean;
}

/** Takes the files of a tar stream as they pass; `begin` says whether the content is wanted. */
export interface TarSink {
  begin(header: TarHeader): boolean;
  content(bytes: Buffer): void;
  end(): void;
}

/** Something that is no tar, or one that was cut or changed. */
export class TarError extends Error {}

/**
 * Reads a tar stream (ustar, with GNU and pax long names) in pieces of any size. Memory does not depend on the stream:
 * contents are handed on as they come.
 */
export class TarReader {
  private readonly pending = Buffer.alloc(BLOCK);
  private filled = 0;
  /** Bytes of content, and of padding after it, that are still to come. */
  private left = 0;
  private padding = 0;
  private mode: 'keep' | 'skip' | 'name' | 'pax' = 'skip';
  private extension: Buffer[] = [];
  private longName: string | undefined;
  private isOver = false;
  private entries = 0;

  constructor(private readonly sink: TarSink) {}

  /** @throws TarError */
  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && !this.isOver; ) {
      if (this.left > 0) {
        const bytes = chunk.subarray(at, at + this.left);
        this.take(bytes);
        at += bytes.length;
      } else if (this.padding > 0) {
        const skipped = Math.min(this.padding, chunk.length - at);
        this.padding -= skipped;
        at += skipped;
      } else {
        const copied = chunk.copy(this.pending, this.filled, at, at + BLOCK - this.filled);
        this.filled += copied;
        at += copied;
        if (this.filled === BLOCK) this.readHeader();
      }
    }
  }

  /** @throws TarError if the stream ended inside a file. */
  finish(): void {
    if (this.left > 0 || this.filled > 0 || this.entries === 0) throw new TarError('it ends too early');
  }

  private take(bytes: Buffer): void {
    this.left -= bytes.length;
    if (this.mode === 'keep') this.sink.content(bytes);
    else if (this.mode !== 'skip') this.extension.push(Buffer.from(bytes));
    if (this.left === 0) this.closeEntry();
  }

  private closeEntry(): void {
    if (this.mode === 'keep') this.sink.end();
    if (this.mode === 'name') this.longName = text(Buffer.concat(this.extension));
    if (this.mode === 'pax') this.longName = paxPath(Buffer.concat(this.extension)) ?? this.longName;
    this.extension = [];
  }

  private readHeader(): void {
    const block = this.pending;
    this.filled = 0;
    if (block.every((byte) => byte === 0)) {
      this.isOver = this.entries > 0;
      return;
    }
    if (checksum(block) !== octal(block, 148, 8)) throw new TarError('a header is not as it was written');
    this.entries += 1;
    const size = octal(block, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0) throw new TarError('a size makes no sense');
    [this.left, this.padding] = [size, (BLOCK - (size % BLOCK)) % BLOCK];
    this.mode = this.modeOf(block, size);
    if (size === 0) this.closeEntry();
  }

  private modeOf(block: Buffer, size: number): TarReader['mode'] {
    const type = String.fromCharCode(block[156]);
    if (type === 'L' || type === 'x') {
      if (size > LONGEST_NAME) throw new TarError('a name is too long');
      return type === 'L' ? 'name' : 'pax';
    }
    const name = this.longName ?? shortName(block);
    this.longName = undefined;
    const isFile = type === '0' || type === '\0';
    return this.sink.begin({ name, size, isFile }) ? 'keep' : 'skip';
  }
}

function shortName(block: Buffer): string {
  const name = text(block.subarray(0, 100));
  const prefix = block.toString('latin1', 257, 262) === 'ustar' ? text(block.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The path among the records "length key=value\n" of a pax header. */
function paxPath(bytes: Buffer): string | undefined {
  for (let at = 0; at < bytes.length; ) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 10), 10);
    if (!(length > 0)) return undefined;
    const record = bytes.toString('utf8', at, at + length).replace(/^\d+ /, '');
    if (record.startsWith('path=')) return record.slice(5, -1);
    at += length;
  }
  return undefined;
}

function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** A number in octal digits, or (first bit set) in base 256. */
function octal(block: Buffer, offset: number, length: number): number {
  if (block[offset] < 0x80) return Number.parseInt(block.toString('latin1', offset, offset + length).trim() || '0', 8);
  return block.subarray(offset + 1, offset + length).reduce((value, byte) => value * 256 + byte, 0);
}

/** The sum of all bytes, with spaces in the place of the sum itself. */
function checksum(block: Buffer): number {
  return block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}
