import type { Bundle } from '@rondo/checkpoint';
import type { GenerateHooks, GenerateResult, Variation } from '../generate.js';
import type { GenerateOptions } from '../options.js';
import { FormedPiece } from './formed-piece.js';
import { openingOf } from './opening.js';
import { type FormWish, parseForm, refuseClashes } from './wish.js';

const SECTION_BARS = 8;

/**
 * Composes section by section: each new one goes on from all that stands before it, repeats included, and ends on its bar
 * line. A prime is how the first section begins. The first section decides meter and tempo of all. With `bestOf` each new
 * section is the best of so many; the piece's rank is the mean of theirs.
 * @throws GeneratorError
 */
export async function composeForm(
  bundle: Bundle,
  wish: FormWish,
  options: GenerateOptions = {},
  hooks: GenerateHooks = {},
): Promise<GenerateResult> {
  const names = parseForm(wish.form);
  refuseClashes(options);
  const bars = wish.bars ?? SECTION_BARS;
  const opening = openingOf(bundle, options, bars);
  const started = performance.now();
  const variations: Variation[] = [];
  let tokens = 0;
  for (let index = 0; index < (options.count ?? 1); index++) {
    const piece = new FormedPiece(bundle, options, { bars, sections: names.length, opening }, hooks, index);
    for (const name of names) await piece.add(name);
    variations.push(piece.finish());
    tokens += piece.tokens;
  }
  const elapsedSeconds = (performance.now() - started) / 1000;
  return {
    variations,
    tokens,
    elapsedSeconds,
    tokensPerSecond: tokens / Math.max(1e-9, elapsedSeconds),
    seed: options.seed ?? 0,
  };
}
