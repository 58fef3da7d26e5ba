import type { PlaceRule } from '@rondo/tokenizer';
import type { PieceSource } from './piece-source.js';

/** The second input of a network that is told where in its frame the token stands that it is to predict. */
export interface PlaceInput {
  /** Of the network's input. */
  name: string;
  rule: PlaceRule;
}

/**
 * For `count` tokens of a piece from its token `start` on: the place of the token after each, as `put(i, place)`.
 * Reads as far back as the rule asks, so that a piece may be cut anywhere.
 */
export function placesOf(
  { rule }: PlaceInput,
  source: PieceSource,
  piece: number,
  start: number,
  count: number,
  put: (index: number, place: number) => void,
): void {
  const before = Math.min(start, rule.lookback);
  const ids = new Int32Array(before + count);
  source.read(piece, start - before, before + count, ids, 0);
  let place = rule.size - 1;
  ids.forEach((id, index) => {
    place = rule.next(place, id);
    if (index >= before) put(index - before, place);
  });
}
