import { describe, expect, it } from 'vitest';
import { NgramModel, type NgramTraining } from './ngram.js';

const never = (): boolean => false;
const pieces =
  (...all: number[][]) =>
  () =>
    all.map((ids) => Int32Array.from(ids));

const fit = (
  all: NgramTraining['pieces'],
  vocabulary: number,
  heldBack: NgramTraining['heldBack'],
  mostPairs?: number,
): Promise<NgramModel> => NgramModel.fit({ pieces: all, vocabulary, heldBack, mostPairs });

describe('n-gram baselines', () => {
  it('the probabilities of every context add up to one', async () => {
    const random = Array.from({ length: 20 }, (_, i) => Array.from({ length: 30 }, (_, j) => (i * j * j + j) % 7));
    const model = await fit(pieces(...random), 9, (piece) => piece % 5 === 4);
    const ids = Array.from({ length: 9 }, (_, id) => id);
    const sum = (of: (id: number) => number): number => ids.reduce((total, id) => total + of(id), 0);
    expect(sum((id) => model.unigram(id))).toBeCloseTo(1, 12);
    for (const previous of ids) expect(sum((id) => model.bigram(previous, id))).toBeCloseTo(1, 12);
  });

  it('counts what it says: (c + ½) / (N + V/2), the first id of a piece as context only', async () => {
    const model = await fit(pieces([0, 1, 1], [0, 1, 2]), 4, never);
    expect(model.unigram(1)).toBeCloseTo(3.5 / 6, 12);
    expect(model.unigram(0)).toBeCloseTo(0.5 / 6, 12);
    expect(model.bigram(0, 1)).toBeCloseTo(0.5 + 0.5 * model.unigram(1), 12);
    const score = await model.score(pieces([0, 1]));
    expect(score).toEqual({ unigram: -Math.log(model.unigram(1)), bigram: -Math.log(model.bigram(0, 1)), tokens: 1 });
  });

  it('a regular sequence is far easier for bigrams, a random one is not harder than for unigrams', async () => {
    const cycle = Array.from({ length: 400 }, (_, i) => i % 8);
    const regular = await (await fit(pieces(cycle, cycle, cycle), 8, (piece) => piece === 2)).score(pieces(cycle));
    expect(regular?.unigram).toBeCloseTo(Math.log(8), 2);
    expect(regular?.bigram).toBeLessThan(0.1);
    let state = 1;
    const noise = (): number[] => Array.from({ length: 400 }, () => (state = (state * 48271) % 2147483647) % 50);
    const model = await fit(pieces(noise(), noise(), noise()), 50, (piece) => piece === 2);
    const random = await model.score(pieces(noise()));
    expect(random?.bigram).toBeLessThan((random?.unigram as number) + 0.05);
  });

  it('gives the same figures whatever there is room for', async () => {
    let state = 1;
    const noise = (): number[] => Array.from({ length: 300 }, () => (state = (state * 48271) % 2147483647) % 60);
    const [train, test] = [pieces(...Array.from({ length: 12 }, noise)), pieces(noise(), noise())];
    const whole = await (await fit(train, 60, (piece) => piece % 3 === 2)).score(test);
    for (const room of [1, 40, 500]) {
      const model = await fit(train, 60, (piece) => piece % 3 === 2, room);
      const score = await model.score(test);
      expect(score?.bigram).toBeCloseTo(whole?.bigram as number, 10);
      expect(score?.unigram).toBe(whole?.unigram);
      expect(() => Array.from({ length: 60 }, (_, id) => model.bigram(id, 0))).toThrow(RangeError);
    }
  });

  it('goes on where there are far more pairs than it may hold', async () => {
    const vocabulary = 600;
    const row = new Int32Array(2 * vocabulary);
    const every = function* (): Generator<Int32Array> {
      for (let context = 0; context < 64; context += 1) {
        for (let id = 0; id < vocabulary; id += 1) [row[2 * id], row[2 * id + 1]] = [context, id];
        yield row;
      }
    };
    const model = await NgramModel.fit({ pieces: every, vocabulary, heldBack: never, mostPairs: 5000 });
    const whole = await NgramModel.fit({ pieces: every, vocabulary, heldBack: never });
    const [score, expected] = [await model.score(every), await whole.score(every)];
    expect(score?.tokens).toBe(64 * (2 * vocabulary - 1));
    expect(score?.bigram).toBeCloseTo(expected?.bigram as number, 10);
  });

  it('has nothing to say about nothing', async () => {
    expect(await (await fit(pieces(), 5, never)).score(pieces([1]))).toBeNull();
    expect((await fit(pieces(), 5, never)).bigram(1, 2)).toBeCloseTo(1 / 5, 12);
  });
});
