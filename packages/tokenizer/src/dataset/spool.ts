import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { littleEndian, readFully } from './id-file.js';
import { PieceTable, type SpooledPiece } from './piece-table.js';

const BUFFER_IDS = 1 << 18;

/**
 * The ids of all pieces under provisional numbers, on disk until the vocabulary is known:
 * memory grows with the number of pieces, never with their length.
 */
export class Spool {
  readonly pieces = new PieceTable();
  private readonly buffer = new Uint32Array(BUFFER_IDS);
  private used = 0;
  private written = 0;
  private fd: number | undefined;

  /** @param keep whether ids of an earlier run are to be recalled */
  constructor(path: string, keep: boolean) {
    this.fd = openSync(path, keep ? 'r+' : 'w+');
  }

  /** Ids so far. */
  get length(): number {
    return this.written + this.used;
  }

  /** Whole ids in the file, of whatever was written to it. */
  get idsOnDisk(): number {
    return Math.floor(fstatSync(this.open).size / 4);
  }

  /** Enters a piece whose ids were written before an interruption. */
  recall(piece: Omit<SpooledPiece, 'offset'>): void {
    this.pieces.add({ ...piece, offset: this.written });
    this.written += piece.length;
  }

  /** Forgets what was written after the recalled pieces. */
  cutHere(): void {
    ftruncateSync(this.open, this.written * 4);
  }

  add(piece: Omit<SpooledPiece, 'offset' | 'length'>, ids: Int32Array): void {
    this.pieces.add({ ...piece, offset: this.length, length: ids.length });
    for (let i = 0; i < ids.length; i += 1) {
      if (this.used === BUFFER_IDS) this.flush();
      this.buffer[this.used++] = ids[i];
    }
  }

  /** Writes what is still in memory; `read` works for what was written. */
  flush(): void {
    const bytes = littleEndian(this.buffer.subarray(0, this.used));
    const position = this.written * 4;
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.open, bytes, done, bytes.length - done, position + done);
    }
    this.written += this.used;
    this.used = 0;
  }

  read({ offset, length }: Pick<SpooledPiece, 'offset' | 'length'>): Uint32Array {
    const ids = new Uint32Array(length);
    readFully(this.open, new Uint8Array(ids.buffer), offset * 4);
    littleEndian(ids);
    return ids;
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }

  private get open(): number {
    return this.fd as number;
  }
}
