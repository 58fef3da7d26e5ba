import { describe, expect, it } from 'vitest';
import { NgramModel } from './ngram.js';

const never = (): boolean => false;
const pieces =
  (...all: number[][]) =>
  () =>
    all.map((ids) => Int32Array.from(ids));

describe('n-gram baselines', () => {
  it('the probabilities of every context add up to one', () => {
    const random = Array.from({ length: 20 }, (_, i) => Array.from({ length: 30 }, (_, j) => (i * j * j + j) % 7));
    const model = NgramModel.fit(pieces(...random), 9, (piece) => piece % 5 === 4);
    const ids = Array.from({ length: 9 }, (_, id) => id);
    const sum = (of: (id: number) => number): number => ids.reduce((total, id) => total + of(id), 0);
    expect(sum((id) => model.unigram(id))).toBeCloseTo(1, 12);
    for (const previous of ids) expect(sum((id) => model.bigram(previous, id))).toBeCloseTo(1, 12);
  });

  it('counts what it says: (c + ½) / (N + V/2), the first id of a piece as context only', () => {
    const model = NgramModel.fit(pieces([0, 1, 1], [0, 1, 2]), 4, never);
    expect(model.unigram(1)).toBeCloseTo(3.5 / 6, 12);
    expect(model.unigram(0)).toBeCloseTo(0.5 / 6, 12);
    expect(model.bigram(0, 1)).toBeCloseTo(0.5 + 0.5 * model.unigram(1), 12);
    const score = model.score([Int32Array.of(0, 1)]);
    expect(score).toEqual({ unigram: -Math.log(model.unigram(1)), bigram: -Math.log(model.bigram(0, 1)), tokens: 1 });
  });

  it('a regular sequence is far easier for bigrams, a random one is not harder than for unigrams', () => {
    const cycle = Array.from({ length: 400 }, (_, i) => i % 8);
    const regular = NgramModel.fit(pieces(cycle, cycle, cycle), 8, (piece) => piece === 2).score([
      Int32Array.from(cycle),
    ]);
    expect(regular?.unigram).toBeCloseTo(Math.log(8), 2);
    expect(regular?.bigram).toBeLessThan(0.1);
    let state = 1;
    const noise = (): number[] => Array.from({ length: 400 }, () => (state = (state * 48271) % 2147483647) % 50);
    const random = NgramModel.fit(pieces(noise(), noise(), noise()), 50, (piece) => piece === 2).score([Int32Array.from(noise())]); // prettier-ignore
    expect(random?.bigram).toBeLessThan((random?.unigram as number) + 0.05);
  });

  it('has nothing to say about nothing', () => {
    expect(NgramModel.fit(pieces(), 5, never).score([Int32Array.of(1)])).toBeNull();
    expect(NgramModel.fit(pieces(), 5, never).bigram(1, 2)).toBeCloseTo(1 / 5, 12);
  });
});
