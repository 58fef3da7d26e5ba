/** What tells the copies of a piece apart. */
export interface Variant {
  /** Semitones. */
  readonly transpose: number;
  /** Factor on all durations in seconds. */
  readonly stretch: number;
  /** What is added to every velocity; absent for 0. */
  readonly velocityShift?: number;
}

/** Whether an entry of a split is the piece itself, no transposed, stretched, louder or softer copy. */
export function isAsWritten(piece: Variant): boolean {
  return piece.transpose === 0 && piece.stretch === 1 && (piece.velocityShift ?? 0) === 0;
}
