import type { Tokenizer } from './tokenizer.js';

/** Where in its unit (a frame) each token of a piece stands, worked out from left to right. */
export interface PlaceRule {
  /** Places are 0 … size − 1; whatever stands further back counts as the last one. */
  readonly size: number;
  /** The place after so many tokens depends on them alone, and not on those before. */
  readonly lookback: number;
  /** The place of the token after `id`, which stood at `place`. */
  next(place: number, id: number): number;
}

/** More voices than chorales and tunes have. */
const PLACES = 16;

/** Of schemes with frames: how many tokens of its frame stand before a token. Undefined for the others. */
export function framePlaces({ scheme, vocabulary, bos }: Tokenizer): PlaceRule | undefined {
  const frameEnd = scheme.frameEnd === undefined ? undefined : vocabulary.id(scheme.frameEnd);
  if (frameEnd === undefined) return undefined;
  return {
    size: PLACES,
    lookback: PLACES - 1,
    next: (place, id) => (id === frameEnd || id === bos ? 0 : Math.min(place + 1, PLACES - 1)),
  };
}
