import { createScheme, type Score, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { expect, it } from 'vitest';
import { generate, type GenerateOptions } from './index.js';
import { pieceOf, toyBundle } from './testing/toy.js';

/** A piano and drums. */
const piano = pieceOf([
  [60, 64],
  [67, 72],
]);
const kit = pieceOf([
  [36, 42],
  [38, 42],
]).tracks[0];
const pair: Score = { ...piano, tracks: [...piano.tracks, { ...kit, isDrum: true }] };
const remi = createScheme('remi');

/** An untrained model that was told of these parts: what it may begin with, it does begin with now and then. */
function bundleOf(parts: readonly string[]) {
  const tokens = [...parts.map((part) => `alone=${part}`), ...remi.encode(pair)];
  const conditions = parts.length === 0 ? [] : (['alone'] as const);
  return toyBundle(new Tokenizer(remi, Vocabulary.build(tokens, { specials: true }), conditions));
}

async function beginnings(parts: readonly string[], options: GenerateOptions) {
  const { variations } = await generate(bundleOf(parts), { bars: 1, count: 20, seed: 3, ...options });
  return new Set(variations.map(({ tokens }) => tokens.slice(0, 2).join(' ')));
}

it('a part that is asked for by itself is one that the model knows alone', async () => {
  expect(await beginnings(['drums', 'piano'], { instruments: 'drums' })).toEqual(new Set(['BOS alone=drums']));
  expect(await beginnings(['drums', 'piano'], { instruments: '0' })).toEqual(new Set(['BOS alone=piano']));
  expect(await beginnings(['piano'], { instruments: 'drums' })).toEqual(new Set(['BOS Bar']));
  expect(await beginnings([], { instruments: 'drums' })).toEqual(new Set(['BOS Bar']));
});

it('unasked, music is that of all, and so is a part after or beside others', async () => {
  const known = ['drums', 'piano'];
  expect(await beginnings(known, { ending: 'proper' })).toEqual(new Set(['BOS Bar']));
  expect(await beginnings(known, { instruments: 'drums, piano' })).toEqual(new Set(['BOS Bar']));
  const drums = { ...pair, tracks: pair.tracks.slice(1) };
  const goingOn = (score: Score) => beginnings(known, { instruments: 'drums', prime: { score } });
  expect([await goingOn(drums), await goingOn(pair)]).toEqual([new Set(['BOS alone=drums']), new Set(['BOS Bar'])]);
  const beside = { instruments: 'drums', accompany: piano, bars: undefined };
  expect(await beginnings(known, beside)).toEqual(new Set(['BOS Bar']));
});
