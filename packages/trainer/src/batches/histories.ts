import type { History, HistoryFeed } from '@rondo/tokenizer';
import type { PieceSource } from './piece-source.js';

/** Receives the values of the feed's inputs, in its order, for token `index` of those asked for. */
export type PutValues = (input: number, index: number, value: number) => void;

interface Reading {
  piece: number;
  /** Tokens of the piece that the history has read. */
  read: number;
  history: History;
}

/**
 * What the tokens of pieces say of the next ones, for rows that are walked from left to right. A row that goes on where it
 * was keeps its history; anything else is read from the beginning of its piece, so that pieces may be cut anywhere and the
 * values do not depend on what was asked before.
 */
export class Histories {
  readonly #rows = new Map<number, Reading>();

  constructor(
    private readonly feed: HistoryFeed,
    private readonly source: PieceSource,
  ) {}

  /** For `count` tokens of a piece from its token `start` on: the values that stand beside each. */
  read(row: number, piece: number, start: number, count: number, put: PutValues): void {
    const reading = this.#open(row, piece, start);
    const ids = new Int32Array(start + count - reading.read);
    this.source.read(piece, reading.read, ids.length, ids, 0);
    const before = start - reading.read;
    ids.forEach((id, index) => {
      reading.history.push(id);
      if (index < before) return;
      this.feed.inputs.forEach((input, which) => put(which, index - before, input.read(reading.history)));
    });
    reading.read = start + count;
  }

  #open(row: number, piece: number, start: number): Reading {
    const kept = this.#rows.get(row);
    if (kept?.piece === piece && kept.read <= start) return kept;
    const fresh = { piece, read: 0, history: this.feed.open() };
    this.#rows.set(row, fresh);
    return fresh;
  }
}

/** Arrays [T][B] for the inputs of a feed, by name. */
export function historyArrays(feed: HistoryFeed | undefined, size: number): Record<string, Int32Array> {
  return Object.fromEntries((feed?.inputs ?? []).map(({ name }) => [name, new Int32Array(size)]));
}
