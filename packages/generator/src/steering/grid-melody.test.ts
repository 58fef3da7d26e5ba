import { createScheme, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { expect, it } from 'vitest';
import { generate } from '../generate.js';
import { pieceOf, toyBundle } from '../testing/toy.js';

const scheme = createScheme({ name: 'grid', grid: '1/4' });
const known = Array.from({ length: 48 }, (_, i) => `Pitch_${84 - i}`);
const tokenizer = new Tokenizer(scheme, new Vocabulary(['BOS', 'EOS', 'UNK', 'Frame', ...known]));

it('voices stay below notes that are too short for a frame of their own', async () => {
  const falling = Array.from({ length: 8 }, (_, bar) => [0, 1, 2, 3, 4, 5, 6, 7].map((i) => 76 - 3 * bar - i));
  const bundle = toyBundle(tokenizer);
  const { variations } = await generate(bundle, { harmonise: pieceOf(falling), seed: 3, count: 6 });
  bundle.network.dispose();
  for (const { obeyed, score } of variations) {
    expect(obeyed).toEqual([{ wish: 'harmonise', obeyed: true, measured: 'four voices, none crossing' }]);
    expect(score.tracks[0].notes.map(({ pitch }) => pitch)).toEqual(falling.flat());
  }
});

it('says which pitches a model knows', async () => {
  const bundle = toyBundle(tokenizer);
  await expect(generate(bundle, { harmonise: pieceOf([[90]]) })).rejects.toThrow(
    "the melody's pitch 90 was never seen by this model, which knows 37 to 84; transpose the melody",
  );
  bundle.network.dispose();
});
