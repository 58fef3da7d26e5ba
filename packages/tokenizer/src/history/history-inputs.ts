import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { barInputs } from './bar-inputs.js';
import { frameInputs } from './frame-inputs.js';
import type { HistoryInput, KnownHistory } from './history.js';
import { keyInputs } from './key-inputs.js';

/**
 * What networks can be told of the token to come, by name; undefined for schemes that know nothing of the kind.
 *
 * Schemes with frames: `place`: tokens of its frame before it. `beat`: frames before its own, modulo 48. `above`: the token
 * at its place in the frame before. `repeat`: the token that stood there after the earlier passage most like the last
 * frames; `trust`: how like that is. V, of `above` and `repeat`, says that there is none. And others, of strains.
 *
 * `performance`: `down`: keys that are down. `oldest`, `second`, `third`: the pitches of those that have been down longest,
 * 128 where there is none; `oldestFor`, `secondFor`, `thirdFor`: for how long. Where the pedal has tokens, `pedal`: for how
 * long it has been down. `repeat`: the pitch that was struck after the earlier passage most like the last strikes; `trust`: how
 * like that is; `key`: the key that the last strikes are in.
 *
 * `remi` without merges: `position`: the place in the bar. `phrase`: bars begun, modulo 16. `bar1`, `bar2`, `bar4`, `bar8`: the
 * token that the bar so many bars ago has next; V says that there is none. `key`: the key that the last pitched notes are in.
 */
export function historyInputs(tokenizer: Tokenizer): Readonly<Record<string, HistoryInput>> | undefined {
  const known = knownHistory(tokenizer);
  return known && Object.fromEntries(known.inputs.map((input) => [input.name, input]));
}

/** Some of these inputs, and the histories that they are read from. */
export type HistoryFeed = KnownHistory;

/**
 * The feed of a network's inputs: all of them are known by name and have the size that the tokenizer gives them.
 * @returns undefined where one is not
 */
export function historyFeed(
  tokenizer: Tokenizer,
  inputs: readonly { name: string; vocabulary: number }[],
): HistoryFeed | undefined {
  const known = knownHistory(tokenizer);
  if (known === undefined) return undefined;
  const found = inputs.map(({ name, vocabulary }) =>
    known.inputs.find((input) => input.name === name && input.size === vocabulary),
  );
  if (found.includes(undefined)) return undefined;
  return { inputs: found as HistoryInput[], open: known.open };
}

function knownHistory(tokenizer: Tokenizer): KnownHistory | undefined {
  return frameInputs(tokenizer) ?? keyInputs(tokenizer) ?? barInputs(tokenizer);
}
