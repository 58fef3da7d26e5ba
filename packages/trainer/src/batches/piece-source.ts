import type { Split } from '@rondo/tokenizer';

/** Pieces of token ids that can be read by place: a split on disk, or arrays in memory. */
export interface PieceSource {
  /** How many pieces. */
  readonly count: number;
  /** Tokens of piece `piece`, BOS and EOS included where the scheme has them. */
  length(piece: number): number;
  /** Where the piece came from. */
  file(piece: number): string;
  /** Copies `count` ids of one piece, from its token `start` on, to `out[offset…]`. */
  read(piece: number, start: number, count: number, out: Int32Array, offset: number): void;
}

/** The pieces of a split of a dataset; nothing is held in memory. */
export function splitSource(split: Split): PieceSource {
  const entry = (piece: number) => {
    const found = split.pieces[piece];
    if (found === undefined) throw new RangeError(`there is no piece ${piece} among ${split.pieces.length}`);
    return found;
  };
  return {
    count: split.pieces.length,
    length: (piece) => entry(piece).length,
    file: (piece) => entry(piece).file,
    read: (piece, start, count, out, offset) => split.read(entry(piece).offset + start, count, out, offset),
  };
}

/** A piece in memory. */
export interface PieceIds {
  file: string;
  /** Token ids, with BOS and EOS where the tokenizer has them, as `Tokenizer.encode` gives them. */
  ids: Int32Array;
}

/** Pieces that are in memory, as a source of batches. */
export function arraySource(pieces: readonly PieceIds[]): PieceSource {
  const entry = (piece: number) => {
    const found = pieces[piece];
    if (found === undefined) throw new RangeError(`there is no piece ${piece} among ${pieces.length}`);
    return found;
  };
  return {
    count: pieces.length,
    length: (piece) => entry(piece).ids.length,
    file: (piece) => entry(piece).file,
    read: (piece, start, count, out, offset) => out.set(entry(piece).ids.subarray(start, start + count), offset),
  };
}
