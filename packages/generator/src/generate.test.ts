import type { Bundle } from '@rondo/checkpoint';
import { readMidi, writeMidi } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { generate } from './generate.js';
import type { GenerateOptions } from './options.js';
import { toyBundle } from './testing/toy.js';
import { expectLegal, idsOf, pieces, tokenizer, trainedToys } from './testing/trained-toys.js';

const { all, last } = trainedToys();

describe('a network trained for some seconds', () => {
  it('makes music that its grammar allows and that ends, as MIDI that can be read again', async () => {
    const { variations, tokens, tokensPerSecond } = await generate(all, { seed: 3, count: 4 });
    expect(variations).toHaveLength(4);
    expect(tokens).toBe(variations.reduce((sum, { ids, primeLength }) => sum + ids.length - primeLength, 0));
    expect(tokensPerSecond).toBeGreaterThan(0);
    for (const { ids, score, notes, seconds, ended, tokens: names } of variations) {
      expectLegal(ids);
      expect(names).toEqual(tokenizer.tokens(ids));
      expect(ended).toBe('eos');
      expect(notes % 4).toBe(0); // whole bars of four notes, as in every piece it knows
      expect(seconds).toBeCloseTo(notes / 2, 6);
      const again = readMidi(writeMidi(score));
      expect(again.tracks.flatMap((track) => track.notes)).toHaveLength(notes);
    }
  });

  it('obeys the grammar even where it knows nothing', async () => {
    const untrained = toyBundle(tokenizer);
    for (const options of [{ temperature: 3 }, { argmax: true }, { topK: 3 }, { minP: 0.5, repetitionPenalty: 2 }]) {
      const { variations } = await generate(untrained, { ...options, count: 3, tokens: 120, seed: 1 });
      for (const { ids } of variations) expectLegal(ids);
    }
    untrained.network.dispose();
  });
});

describe('the same seed', () => {
  const options: [string, () => Bundle, GenerateOptions][] = [
    ['kept state', () => all, { temperature: 1.5, tokens: 60 }],
    ['kept state, seed windows', () => all, { temperature: 1.5, tokens: 60, prime: { seed: 'random' } }],
    ['kept state, int8', () => all, { temperature: 1.5, tokens: 60, precision: 'int8' }],
    ['running the window again', () => last, { temperature: 1.5, tokens: 40 }],
  ];

  it.each(options)('gives the same ids again, and another seed others: %s', async (_, bundle, how) => {
    const first = await generate(bundle(), { ...how, seed: 9, count: 3 });
    const again = await generate(bundle(), { ...how, seed: 9, count: 3 });
    const other = await generate(bundle(), { ...how, seed: 10, count: 3 });
    expect(idsOf(again.variations)).toEqual(idsOf(first.variations));
    expect(idsOf(other.variations)).not.toEqual(idsOf(first.variations));
    expect(new Set(first.variations.map(({ ids }) => ids.join())).size).toBe(3);
  });

  it.each(options)('gives variation i whatever the count: %s', async (_, bundle, how) => {
    const many = idsOf((await generate(bundle(), { ...how, seed: 4, count: 7 })).variations);
    for (const count of [1, 2, 5]) {
      expect(idsOf((await generate(bundle(), { ...how, seed: 4, count })).variations)).toEqual(many.slice(0, count));
    }
  });

  it('gives variation i whatever the lengths of the other seed windows', async () => {
    const ragged = { ...all, seeds: [pieces[0].slice(0, 30), pieces[1].slice(3, 9), pieces[2].slice(20, 21)] };
    for (const bundle of [ragged, { ...last, seeds: ragged.seeds }]) {
      const how: GenerateOptions = { seed: 2, tokens: 25, prime: { seed: 'random' }, temperature: 1.3 };
      const many = idsOf((await generate(bundle, { ...how, count: 6 })).variations);
      expect(idsOf((await generate(bundle, { ...how, count: 1 })).variations)).toEqual(many.slice(0, 1));
    }
  });
});
