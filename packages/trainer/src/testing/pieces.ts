import type { PieceIds } from '../batches/piece-source.js';

/** Pieces of the given lengths in which every token is its own: id 1000 · piece + place. */
export function numberedPieces(lengths: readonly number[]): PieceIds[] {
  return lengths.map((length, piece) => ({
    file: `piece-${piece}.mid`,
    ids: Int32Array.from({ length }, (_, place) => 1000 * piece + place),
  }));
}
