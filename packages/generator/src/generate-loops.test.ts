import type { Bundle } from '@rondo/checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate } from './generate.js';
import { pieceOf, toyBundle, toyTokens, trainToy } from './testing/toy.js';

// Bar after bar of the same note, and one bar of others, so that the vocabulary offers a way out.
const same = Array.from({ length: 24 }, () => [60]);
const { tokenizer, pieces } = toyTokens([pieceOf(same), pieceOf([[59, 61, 62, 63, 65, 66, 67, 69], ...same.slice(1)])]);

describe('a network that has learnt to go round in circles', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = toyBundle(tokenizer);
    expect(await trainToy(bundle, pieces, 150)).toBeLessThan(0.3);
  });
  afterAll(() => bundle.network.dispose());

  const how = { seed: 1, tokens: 400, minTokens: 400 };

  it('is reported to do so, and where', async () => {
    const { loop, loops, escapes } = (await generate(bundle, { ...how, argmax: true })).variations[0];
    expect(loop).toBe(true);
    expect(escapes).toBe(0);
    expect(loops[0].length).toBeGreaterThan(200);
    expect(loops[0].start).toBeLessThan(100);
  });

  it('is led out when it samples, again and again', async () => {
    const stuck = await generate(bundle, { ...how, count: 4, temperature: 0.5, escapeLoops: false });
    const free = await generate(bundle, { ...how, count: 4, temperature: 0.5 });
    const longest = (result: typeof free) =>
      result.variations.map(({ loops }) => Math.max(0, ...loops.map(({ length }) => length)));
    expect(Math.min(...longest(stuck))).toBeGreaterThan(200);
    expect(Math.max(...longest(free))).toBeLessThan(150);
    for (const { loop, escapes } of free.variations) {
      expect(loop).toBe(false);
      expect(escapes).toBeGreaterThan(0);
    }
  });

  it('is led out by argmax too where that is asked for, with the same result each time', async () => {
    const once = (await generate(bundle, { ...how, argmax: true, escapeLoops: true })).variations[0];
    const again = (await generate(bundle, { ...how, argmax: true, escapeLoops: true })).variations[0];
    expect(once.escapes).toBeGreaterThan(0);
    expect(once.loop).toBe(false);
    expect(again.ids).toEqual(once.ids);
  });

  it('keeps to the grammar on its way out', async () => {
    const { variations } = await generate(bundle, { ...how, count: 4, temperature: 0.5 });
    const mask = new Uint8Array(tokenizer.vocabulary.size);
    for (const { ids } of variations) {
      const cursor = tokenizer.grammarCursor();
      for (const id of ids) {
        cursor.mask(mask);
        expect(mask[id]).toBe(1);
        cursor.push(id);
      }
    }
  });
});

describe('a model of a tutorial preset', () => {
  const chords = toyTokens([pieceOf(same), pieceOf([[59, 61, 62, 63, 65, 66, 67, 69]])], 'chord');

  it('speaks as the tutorial does: argmax from a seed window, 500 notes, whatever becomes of them', async () => {
    const seeds = [chords.pieces[0].slice(0, 8)];
    const bundle = { ...toyBundle(chords.tokenizer, { objective: 'last', sequence: 8, preset: 'tutorial' }), seeds };
    const { ids, primeLength, loop, escapes, ended } = (await generate(bundle)).variations[0];
    expect([ids.length, primeLength, escapes, ended]).toEqual([500, 0, 0, 'length']);
    expect(loop).toBe(true); // an untrained network says one thing only

    // By hand: the window through the whole network, the likeliest id, the window moved on by one.
    let window = [...seeds[0]];
    for (const id of ids.slice(0, 20)) {
      const p = await bundle.network.predict({ batch: 1, time: 8, inputs: { tokens: Int32Array.from(window) } });
      expect(id).toBe(p.indexOf(Math.max(...p)));
      window = [...window.slice(1), id];
    }
    bundle.network.dispose();
  });
});
