import { closeSync, openSync } from 'node:fs';
import { IdWriter, littleEndian, readFully } from './id-file.js';
import type { SplitName } from './types.js';

/** One version of a piece in the spool. */
export interface SpooledPiece {
  readonly file: string;
  readonly source: number;
  readonly transpose: number;
  readonly stretch: number;
  /** How many of the first ids are conditions. */
  readonly prefix: number;
  readonly offset: number;
  readonly length: number;
  /** Set at once for given splits, later for pieces that the seed divides. */
  split: SplitName | undefined;
}

/**
 * The ids of all pieces under provisional numbers, on disk until the vocabulary is known:
 * memory grows with the number of pieces, never with their length.
 */
export class Spool {
  readonly pieces: SpooledPiece[] = [];
  private readonly writer: IdWriter;
  private fd: number | undefined;
  private sealed = false;

  constructor(private readonly path: string) {
    this.writer = new IdWriter(path, 4);
  }

  add(piece: Omit<SpooledPiece, 'offset' | 'length'>, ids: Int32Array): void {
    this.pieces.push({ ...piece, offset: this.writer.length, length: ids.length });
    this.writer.write(ids);
  }

  /** Ends the writing; from here on `read` works. */
  seal(): void {
    this.writer.finish();
    this.sealed = true;
    this.fd = openSync(this.path, 'r');
  }

  read(piece: SpooledPiece): Uint32Array {
    const ids = new Uint32Array(piece.length);
    readFully(this.fd as number, new Uint8Array(ids.buffer), piece.offset * 4);
    littleEndian(ids);
    return ids;
  }

  close(): void {
    if (!this.sealed) this.writer.abandon();
    if (this.fd !== undefined) closeSync(this.fd);
    this.sealed = true;
    this.fd = undefined;
  }
}
