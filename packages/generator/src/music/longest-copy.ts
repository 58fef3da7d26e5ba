import { SuffixAutomaton } from '@rondo/tokenizer';

/** Ids that can be read by position, as a split of a dataset. */
export interface ReadableIds {
  readonly tokens: number;
  read(position: number, count: number, out: Int32Array, outOffset?: number): void;
}

/** The longest stretch of a piece that stands in the training data note for note. */
export interface Copy {
  /** Tokens. */
  length: number;
  /** Where it begins in the piece; 0 where there is none. */
  start: number;
  /** Where it begins in the training data; 0 where there is none. */
  source: number;
}

const PAGE = 1 << 15;

/**
 * The longest run of ids that `piece` and the training data share. The data are read once, page by page: time grows with
 * their length, memory with the piece's alone.
 */
export function longestCopy(piece: ArrayLike<number>, training: ReadableIds): Copy {
  const automaton = new SuffixAutomaton();
  for (let i = 0; i < piece.length; i++) automaton.extend(piece[i]);
  const page = new Int32Array(PAGE);
  const best: Copy = { length: 0, start: 0, source: 0 };
  let at = { state: 0, length: 0 };
  for (let position = 0; position < training.tokens; position += PAGE) {
    const count = Math.min(PAGE, training.tokens - position);
    training.read(position, count, page);
    for (let i = 0; i < count; i++) {
      at = automaton.advance(at.state, at.length, page[i]);
      const { state, length } = at;
      if (length <= best.length) continue;
      best.length = length;
      best.start = automaton.endOf(state) - length + 1;
      best.source = position + i - length + 1;
    }
  }
  return best;
}
