import { createScheme, framePlaces, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { arraySource } from './piece-source.js';
import { placesOf } from './places.js';
import { planStreams } from './stream-batches.js';

const scheme = createScheme({ name: 'grid' });
const names = ['BOS', 'EOS', 'UNK', 'Frame', ...Array.from({ length: 30 }, (_, i) => `Pitch_${90 - i}`)];
const tokenizer = new Tokenizer(scheme, new Vocabulary(names));
const rule = framePlaces(tokenizer)!;
const frames = [3, 0, 20, 1, 4, 2];
/** BOS, then frames of so many pitches, EOS. */
const ids = Int32Array.from([0, ...frames.flatMap((size) => [...Array.from({ length: size }, (_, i) => 4 + i), 3]), 1]);
/** Of the token after each: how many of its frame stand before it. */
const expected = [
  0,
  ...frames.flatMap((size) => [...Array.from({ length: size }, (_, i) => Math.min(i + 1, 15)), 0]),
  1,
];

describe('places in the frame', () => {
  it('count the tokens of the frame before the next one, up to the last place', () => {
    expect(rule.size).toBe(16);
    const got: number[] = [];
    placesOf({ name: 'place', rule }, arraySource([{ file: 'a', ids }]), 0, 0, ids.length, (i, p) => (got[i] = p));
    expect(got).toEqual(expected);
  });

  it('are the same wherever the piece is cut', () => {
    const source = arraySource([{ file: 'a', ids }]);
    for (let start = 0; start < ids.length; start++) {
      const got: number[] = [];
      placesOf({ name: 'place', rule }, source, 0, start, ids.length - start, (i, p) => (got[i] = p));
      expect(got).toEqual(expected.slice(start));
    }
  });

  it('stand beside the tokens in every batch', () => {
    const source = arraySource([0, 1, 2].map((i) => ({ file: String(i), ids })));
    const options = {
      names: { input: 'tokens', head: 'next', place: { name: 'place', rule } },
      sequence: 7,
      batch: 2,
      seed: 1,
    };
    const plan = planStreams(source, options);
    for (let step = 0; step < plan.stepsPerEpoch; step++) {
      const { batch } = plan.epoch(0).batchAt(step);
      const [tokens, places] = [batch.inputs['tokens'], batch.inputs['place']] as Int32Array[];
      tokens!.forEach((id, at) => {
        if (id === 0 || id === 3) expect(places![at]).toBe(0);
        else if (at >= 2 * batch.batch) expect(places![at]).toBe(Math.min(15, places![at - batch.batch]! + 1));
      });
    }
  });
});
