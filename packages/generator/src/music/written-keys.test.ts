import type { Bundle } from '@rondo/checkpoint';
import type { Score } from '@rondo/tokenizer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { composeForm } from '../form/compose.js';
import { generate } from '../generate.js';
import { pieceOf, toyBundle, toyCorpus, toyTokens } from '../testing/toy.js';

const melody = pieceOf([[74, 76, 77, 79], [79, 77, 74, 72]]); // prettier-ignore
const low = pieceOf([[48, 52, 55, 60], [53, 57, 60, 64], [45, 50, 62, 65], [67, 69, 70, 72]]); // prettier-ignore
const { tokenizer } = toyTokens([melody, low, ...toyCorpus()]);
let bundle: Bundle;
beforeAll(() => void (bundle = toyBundle(tokenizer)));
afterAll(() => bundle.network.dispose());

const aFlat = { tick: 0, fifths: -4, mode: 'major' as const };
const inAFlat = (score: Score): Score => ({ ...score, keySignatures: [aFlat] });
const keysOf = async (options: Parameters<typeof generate>[1]) =>
  (await generate(bundle, { seed: 1, ...options })).variations[0].score.keySignatures;

it('the key asked for is written with voices under a melody and with what plays along', async () => {
  const bFlat = [{ tick: 0, fifths: -2, mode: 'major' }];
  expect(await keysOf({ harmonise: melody, key: 'Bb' })).toEqual(bFlat);
  expect(await keysOf({ harmonise: inAFlat(melody), key: 'Bb' })).toEqual(bFlat);
  expect(await keysOf({ accompany: inAFlat(melody), instruments: 'piano', key: 'Bb' })).toEqual(bFlat);
});

it('without one, given pieces keep theirs', async () => {
  expect(await keysOf({ harmonise: inAFlat(melody) })).toEqual([aFlat]);
  expect(await keysOf({ accompany: inAFlat(melody), instruments: 'piano' })).toEqual([aFlat]);
});

it('a prime keeps its signatures, and what goes on from it has the last of them', async () => {
  const gMinor = { tick: 48, fifths: -2, mode: 'minor' as const };
  const prime = { score: { ...melody, keySignatures: [aFlat, gMinor] } };
  const second = { ...gMinor, tick: 1920 }; // at 480 ticks to a quarter
  expect(await keysOf({ prime, tokens: 20 })).toEqual([aFlat, second]);
  const inC = { tick: 3840, fifths: 0, mode: 'major' };
  expect(await keysOf({ prime, bars: 2, key: 'C' })).toEqual([aFlat, second, inC]);
  expect(await keysOf({ prime, tokens: 20, includePrime: false })).toEqual([]);
});

it('a form that begins with a prime is in its key', async () => {
  const wish = { form: 'ABA', bars: 4 };
  const { score } = (await composeForm(bundle, wish, { prime: { score: inAFlat(melody) } })).variations[0];
  expect(score.keySignatures).toEqual([aFlat]);
});
