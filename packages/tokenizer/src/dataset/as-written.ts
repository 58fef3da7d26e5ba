import type { PartName } from '../table/instrument-families.js';

/** What tells the copies of a piece apart. */
export interface Variant {
  /** Semitones. */
  readonly transpose: number;
  /** Factor on all durations in seconds. */
  readonly stretch: number;
  /** What is added to every velocity; absent for 0. */
  readonly velocityShift?: number;
  /** The part that plays by itself; absent where all do. */
  readonly alone?: PartName;
}

/** Whether an entry of a split is the piece itself, no transposed, stretched, louder or softer copy, no single part. */
export function isAsWritten(piece: Variant): boolean {
  return isUnmoved(piece) && piece.alone === undefined;
}

/** Whether an entry is a piece, or a part of one, that is not transposed, stretched, made louder or softer. */
export function isUnmoved({ transpose, stretch, velocityShift = 0 }: Variant): boolean {
  return transpose === 0 && stretch === 1 && velocityShift === 0;
}
