import { closeSync, fstatSync, openSync } from 'node:fs';
import { DatasetError } from './dataset-error.js';
import { littleEndian, readFully } from './id-file.js';
import { corrupt } from './manifest.js';
import type { PieceEntry, Split, SplitName } from './types.js';
import { Windows } from './windows.js';

const PAGE_IDS = 1 << 15;
const PAGES = 64; // at most 8 MiB per split

type Page = Uint16Array | Uint32Array;

export interface SplitSource {
  readonly name: SplitName;
  readonly path: string;
  readonly idBytes: 2 | 4;
  readonly tokens: number;
  readonly vocabulary: number;
  readonly pieces: readonly PieceEntry[];
}

/** Reads ids by position through the pages used last. Holds one file handle. */
export class SplitReader implements Split {
  readonly name: SplitName;
  readonly tokens: number;
  readonly pieces: readonly PieceEntry[];
  private fd: number | undefined;
  private readonly pages = new Map<number, Page>();

  /** @throws DatasetError RONDO_DATASET_CORRUPT if the file is missing or has another size. */
  constructor(private readonly source: SplitSource) {
    ({ name: this.name, tokens: this.tokens, pieces: this.pieces } = source);
    const expected = source.tokens * source.idBytes;
    try {
      this.fd = openSync(source.path, 'r');
    } catch (error) {
      throw corrupt(source.path, `it cannot be opened (${(error as NodeJS.ErrnoException).code})`);
    }
    const { size } = fstatSync(this.fd);
    if (size === expected) return;
    this.close();
    throw corrupt(source.path, `expected ${expected} bytes, got ${size}`);
  }

  read(position: number, count: number, out: Int32Array, outOffset = 0): void {
    this.checkRange(position, count, out, outOffset);
    for (let done = 0; done < count; ) {
      const at = position + done;
      const page = this.page(Math.floor(at / PAGE_IDS));
      const from = at % PAGE_IDS;
      const take = Math.min(count - done, page.length - from);
      out.set(page.subarray(from, from + take), outOffset + done);
      done += take;
    }
  }

  windows(length: number, stride = 1): Windows {
    return new Windows(this.pieces, length, stride);
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
    this.pages.clear();
  }

  private checkRange(position: number, count: number, out: Int32Array, outOffset: number): void {
    const whole = Number.isInteger(position) && Number.isInteger(count) && Number.isInteger(outOffset);
    const inside = position >= 0 && count >= 0 && position + count <= this.tokens;
    if (whole && inside && outOffset >= 0 && outOffset + count <= out.length) return;
    throw new DatasetError(
      'RONDO_DATASET_RANGE',
      `cannot read ${count} ids at ${position} of the ${this.tokens} of "${this.name}" into place ${outOffset} of ${out.length}`,
    );
  }

  private page(index: number): Page {
    const known = this.pages.get(index);
    if (known !== undefined) {
      // Moves to the end: the first of the map is the one not used for longest.
      this.pages.delete(index);
      this.pages.set(index, known);
      return known;
    }
    const page = this.load(index);
    if (this.pages.size >= PAGES) this.pages.delete(this.pages.keys().next().value as number);
    this.pages.set(index, page);
    return page;
  }

  private load(index: number): Page {
    const { path, idBytes, vocabulary } = this.source;
    if (this.fd === undefined) throw new DatasetError('RONDO_DATASET_CLOSED', `the dataset of ${path} is closed`);
    const length = Math.min(PAGE_IDS, this.tokens - index * PAGE_IDS);
    const page = idBytes === 2 ? new Uint16Array(length) : new Uint32Array(length);
    const bytes = new Uint8Array(page.buffer);
    const read = readFully(this.fd, bytes, index * PAGE_IDS * idBytes);
    if (read < bytes.length) throw corrupt(path, `it ends ${bytes.length - read} bytes early`);
    littleEndian(page);
    const wrong = page.findIndex((id) => id >= vocabulary);
    if (wrong < 0) return page;
    throw corrupt(path, `id ${page[wrong]} at ${index * PAGE_IDS + wrong} is outside the vocabulary of ${vocabulary}`);
  }
}
