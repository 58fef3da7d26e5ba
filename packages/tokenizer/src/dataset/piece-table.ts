import { PART_NAMES, type PartName } from '../table/instrument-families.js';
import { SPLIT_NAMES, type SplitName } from './types.js';

/** One version of a piece in the spool. */
export interface SpooledPiece {
  /** Number of its file among the sources. */
  readonly source: number;
  readonly transpose: number;
  readonly stretch: number;
  readonly velocityShift: number;
  /** The part that plays by itself; undefined where all do. */
  readonly alone: PartName | undefined;
  /** How many of the first ids are conditions. */
  readonly prefix: number;
  readonly offset: number;
  readonly length: number;
  /** Set at once for given splits, later for pieces that the seed divides. */
  readonly split: SplitName | undefined;
}

/** Code of a piece that no split has (any more). */
const NO_SPLIT = 255;
/** Code of a piece in which all parts play. */
const NO_PART = 255;

/** Pieces by number, in columns of plain numbers: a hundred thousand of them take three megabytes. */
export class PieceTable {
  count = 0;
  private capacity = 256;
  private offsets = new Float64Array(this.capacity);
  private stretches = new Float64Array(this.capacity);
  private lengths = new Uint32Array(this.capacity);
  private sources = new Uint32Array(this.capacity);
  private transposes = new Int8Array(this.capacity);
  private velocityShifts = new Int8Array(this.capacity);
  private parts = new Uint8Array(this.capacity);
  private prefixes = new Uint8Array(this.capacity);
  private splits = new Uint8Array(this.capacity);

  add(piece: SpooledPiece): void {
    if (this.count === this.capacity) this.grow();
    const i = this.count;
    this.count += 1;
    [this.offsets[i], this.lengths[i], this.sources[i]] = [piece.offset, piece.length, piece.source];
    [this.stretches[i], this.transposes[i], this.prefixes[i]] = [piece.stretch, piece.transpose, piece.prefix];
    this.velocityShifts[i] = piece.velocityShift;
    this.parts[i] = piece.alone === undefined ? NO_PART : PART_NAMES.indexOf(piece.alone);
    this.setSplit(i, piece.split);
  }

  get(i: number): SpooledPiece {
    return {
      source: this.sources[i],
      transpose: this.transposes[i],
      stretch: this.stretches[i],
      velocityShift: this.velocityShifts[i],
      alone: PART_NAMES[this.parts[i]],
      prefix: this.prefixes[i],
      offset: this.offsets[i],
      length: this.lengths[i],
      split: SPLIT_NAMES[this.splits[i]],
    };
  }

  /** Puts a piece into a split, or (undefined) into none. */
  setSplit(i: number, split: SplitName | undefined): void {
    this.splits[i] = split === undefined ? NO_SPLIT : SPLIT_NAMES.indexOf(split);
  }

  /** The pieces of one split (undefined: of none) in their order. */
  *of(split: SplitName | undefined): Generator<SpooledPiece> {
    const code = split === undefined ? NO_SPLIT : SPLIT_NAMES.indexOf(split);
    for (let i = 0; i < this.count; i += 1) if (this.splits[i] === code) yield this.get(i);
  }

  *[Symbol.iterator](): Generator<SpooledPiece> {
    for (let i = 0; i < this.count; i += 1) yield this.get(i);
  }

  private grow(): void {
    this.capacity *= 2;
    const copy = <T extends Float64Array | Uint32Array | Int8Array | Uint8Array>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    this.offsets = copy(new Float64Array(this.capacity), this.offsets);
    this.stretches = copy(new Float64Array(this.capacity), this.stretches);
    this.lengths = copy(new Uint32Array(this.capacity), this.lengths);
    this.sources = copy(new Uint32Array(this.capacity), this.sources);
    this.transposes = copy(new Int8Array(this.capacity), this.transposes);
    this.velocityShifts = copy(new Int8Array(this.capacity), this.velocityShifts);
    this.parts = copy(new Uint8Array(this.capacity), this.parts);
    this.prefixes = copy(new Uint8Array(this.capacity), this.prefixes);
    this.splits = copy(new Uint8Array(this.capacity), this.splits);
  }
}
