import { type Score, type Tokenizer, TokenizerError } from '@rondo/tokenizer';
import type { PieceIds } from '../batches/piece-source.js';

/** A piece that the model cannot be asked about. */
export interface SkippedPiece {
  file: string;
  /** One line: the token that the vocabulary lacks. */
  reason: string;
}

/** Pieces as ids, and those that the vocabulary cannot spell. */
export interface EncodedPieces {
  /** In the order of the scores. */
  pieces: PieceIds[];
  skipped: SkippedPiece[];
}

/**
 * Encodes scores for `evaluateLikelihood`. Vocabularies without UNK have no id for tokens they were not built from; pieces
 * with such tokens are set aside rather than ending it all.
 * @throws whatever else `tokenizer.encode` throws
 */
export function encodePieces(
  tokenizer: Tokenizer,
  scores: Iterable<{ readonly file: string; readonly score: Score }>,
): EncodedPieces {
  const encoded: EncodedPieces = { pieces: [], skipped: [] };
  for (const { file, score } of scores) {
    try {
      encoded.pieces.push({ file, ids: tokenizer.encode(score) });
    } catch (error) {
      if (!(error instanceof TokenizerError && error.code === 'RONDO_TOKEN_UNSEEN')) throw error;
      encoded.skipped.push({ file, reason: error.message });
    }
  }
  return encoded;
}
