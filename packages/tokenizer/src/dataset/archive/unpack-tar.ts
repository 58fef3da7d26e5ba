import { closeSync, createReadStream, openSync, statSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DatasetError } from '../dataset-error.js';
import type { ArchiveMember } from './member.js';
import { TarError, TarReader, type TarHeader, type TarSink } from './tar.js';

/** Music packs about fourfold; what unpacks to this many times its size, beyond the first bytes, is made to fill disks. */
const [MAX_RATIO, FREE_BYTES] = [200, 1 << 28];

export interface UnpackOptions {
  /** Which names are wanted. */
  readonly wanted: (name: string) => boolean;
  /** Larger files are listed, but their content is left out. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/**
 * Copies the wanted files of a `.tar` or `.tar.gz` one after another into the file `into`: a tar can only be read from its
 * start, and so they can be read by position later. Names are kept as labels, never used as paths.
 * @throws DatasetError RONDO_DATASET_INPUT for what is no whole tar, RONDO_DATASET_ABORTED.
 */
export async function unpackTar(path: string, into: string, options: UnpackOptions): Promise<ArchiveMember[]> {
  const sink = new PackFile(into, options);
  const reader = new TarReader(sink);
  const limit = FREE_BYTES + MAX_RATIO * statSync(path).size;
  let bytes = 0;
  try {
    for await (const chunk of contentOf(path)) {
      if (options.signal?.aborted === true) throw new DatasetError('RONDO_DATASET_ABORTED', 'stopped while unpacking');
      bytes += chunk.length;
      if (bytes > limit) throw new TarError(`it unpacks to more than ${MAX_RATIO} times its size`);
      reader.write(chunk);
    }
    reader.finish();
    return sink.members;
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && !code.startsWith('Z_')) throw error;
    throw new DatasetError(
      'RONDO_DATASET_INPUT',
      `the archive ${path} is damaged (${message}): pack it again or give its folder`,
    );
  } finally {
    sink.close();
  }
}

async function* contentOf(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const stream: Readable = /\.(tgz|gz)$/i.test(path) ? file.pipe(createGunzip({ chunkSize: 1 << 18 })) : file;
  file.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } finally {
    file.destroy();
    stream.destroy();
  }
}

/** The file that the contents go into. */
class PackFile implements TarSink {
  readonly members: ArchiveMember[] = [];
  private readonly fd: number;
  private length = 0;

  constructor(
    path: string,
    private readonly options: UnpackOptions,
  ) {
    this.fd = openSync(path, 'w');
  }

  begin({ name, size, isFile }: TarHeader): boolean {
    if (!isFile || !this.options.wanted(name)) return false;
    const fits = size <= this.options.maxBytes;
    this.members.push({ name, size, packed: size, offset: this.length, method: fits ? 'plain' : 'left-out' });
    return fits;
  }

  content(bytes: Buffer): void {
    for (let written = 0; written < bytes.length; ) written += writeSync(this.fd, bytes, written);
    this.length += bytes.length;
  }

  end(): void {
    // The next file begins where this one ends.
  }

  close(): void {
    closeSync(this.fd);
  }
}
