import { BarMap, cutBars, joinScores, type Score } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { pieceOf, toyBundle, toyCorpus, toyTokens } from '../testing/toy.js';
import type { Prime } from '../options.js';
import { composeForm } from './compose.js';
import { tokenizer, trainedToys } from '../testing/trained-toys.js';

const { all: bundle } = trainedToys({ steps: 200, lastSteps: 0 });

/** Place, pitch and length of the notes of some bars, in quarters. */
const print = (score: Score, first: number, end: number) =>
  cutBars(score, first, end).tracks.flatMap(({ notes }) =>
    notes.map(({ tick, pitch, duration }) => [tick / score.ticksPerQuarter, pitch, duration / score.ticksPerQuarter]),
  );

describe('a form', () => {
  it('repeats its sections exactly, and varies the second half of marked ones', async () => {
    const options = { seed: 3, temperature: 1.5 };
    const { score, obeyed, seconds } = (await composeForm(bundle, { form: "A B A A'", bars: 4 }, options))
      .variations[0];
    expect(new BarMap(score).count).toBe(16);
    expect(seconds).toBeGreaterThan(0);
    expect(obeyed.every((one) => one.obeyed)).toBe(true);
    expect(print(score, 8, 12)).toEqual(print(score, 0, 4));
    expect(print(score, 12, 14)).toEqual(print(score, 0, 2));
    expect(print(score, 14, 16)).not.toEqual(print(score, 2, 4));
    expect(print(score, 4, 8)).not.toEqual(print(score, 0, 4));
  });

  it('varies also what a network would say again and again', async () => {
    const { score } = (await composeForm(bundle, { form: "AA'A''", bars: 4 }, { seed: 1, temperature: 0.2 }))
      .variations[0];
    const half = (bar: number) => print(score, bar, bar + 2).map(([tick, pitch]) => `${tick} ${pitch}`);
    for (const bar of [6, 10]) {
      const known = new Set(half(2));
      expect(half(bar).filter((note) => known.has(note)).length / half(bar).length).toBeLessThanOrEqual(0.8);
    }
    const told = await composeForm(bundle, { form: "AA'", bars: 4 }, { seed: 1, argmax: true });
    expect(told.variations[0].notes).toBeGreaterThan(0);
  });

  it('follows a curve over the whole piece, and says tempo and meter once', async () => {
    const options = { seed: 1, density: [[0, 2], [1, 9]] as const, tempo: 90, meter: '4/4' }; // prettier-ignore
    const { score, obeyed } = (await composeForm(bundle, { form: "ABA'C", bars: 2 }, options)).variations[0];
    expect(obeyed.every((one) => one.obeyed)).toBe(true);
    expect([score.tempos.length, score.timeSignatures.length]).toEqual([1, 1]);
    const notes = (bar: number) => print(score, bar, bar + 1).length;
    expect([notes(0), notes(1)].every((count) => count <= 4)).toBe(true);
    expect([notes(6), notes(7)].every((count) => count >= 6)).toBe(true);
  });

  it('takes the best of several for each new section, and says how it stood among them', async () => {
    const options = { seed: 2, temperature: 1.3 };
    const wish = { form: 'ABA', bars: 2 };
    const best = (await composeForm(bundle, wish, { ...options, bestOf: 4 })).variations[0];
    expect(best.rank).toMatchObject({ of: 4 });
    expect(Number.isFinite(best.rank!.likelihood + best.rank!.oddness)).toBe(true);
    expect((await composeForm(bundle, wish, options)).variations[0].rank).toBeUndefined();
  });

  it('counts the tokens that were chosen, not those that come again', async () => {
    const once = await composeForm(bundle, { form: 'A', bars: 4 }, { seed: 5 });
    const thrice = await composeForm(bundle, { form: 'AAA', bars: 4 }, { seed: 5 });
    expect(thrice.variations[0].notes).toBe(3 * once.variations[0].notes);
    expect(thrice.variations[0].generated).toBe(once.variations[0].generated);
    expect(thrice.variations[0].logLikelihood).toBe(once.variations[0].logLikelihood);
    expect(thrice.tokens).toBe(once.tokens);
  });

  it('refuses what is no form, and says what to do instead', async () => {
    const refusal = (options: Parameters<typeof composeForm>[2]) => composeForm(bundle, { form: 'AB' }, options);
    await expect(composeForm(bundle, { form: 'A2B' })).rejects.toThrow('form: expected letters');
    await expect(refusal({ bars: 4 })).rejects.toThrow('bars: a form is as long as its sections; give sectionBars');
    await expect(refusal({ harmonise: toyCorpus()[0] })).rejects.toThrow('harmonise: a melody has a form of its own');
    await expect(refusal({ accompany: toyCorpus()[0] })).rejects.toThrow('leave out the form');
    await expect(refusal({ beam: 2, count: 2 })).rejects.toThrow('beam: it finds one piece');
  });
});

describe('a prime of a form', () => {
  const prime = { score: toyCorpus()[0] }; // four bars
  const two = { score: cutBars(toyCorpus()[0], 0, 2) };

  it('begins the first section, and comes again with it', async () => {
    const { variations } = await composeForm(bundle, { form: "A B A'", bars: 4 }, { prime: two, seed: 3 });
    const [{ score, ids, primeLength, obeyed }] = variations;
    expect(new BarMap(score).count).toBe(12);
    expect(print(score, 0, 2)).toEqual(print(two.score, 0, 2));
    expect(print(score, 2, 4).length).toBeGreaterThan(0);
    expect(print(score, 8, 10)).toEqual(print(two.score, 0, 2));
    expect([...ids.slice(0, primeLength)]).toEqual([...tokenizer.encode(two.score).slice(0, -1)]);
    expect(obeyed).toEqual([{ wish: 'bars', obeyed: true, measured: 12 }]);
  });

  it('is the first section where it is as long, and what follows has its meter and tempo', async () => {
    const slow = { score: { ...prime.score, tempos: [{ tick: 0, microsecondsPerQuarter: 1_000_000 }] } };
    const { tokenizer: wide } = toyTokens([slow.score, ...toyCorpus()]);
    const untrained = toyBundle(wide);
    const { score, generated } = (await composeForm(untrained, { form: 'AAB', bars: 4 }, { prime: slow }))
      .variations[0];
    expect(print(score, 0, 4)).toEqual(print(prime.score, 0, 4));
    expect(print(score, 4, 8)).toEqual(print(prime.score, 0, 4));
    expect(score.tempos).toEqual([{ tick: 0, microsecondsPerQuarter: 1_000_000 }]);
    const all = (await composeForm(untrained, { form: 'AA', bars: 4 }, { prime: slow })).variations[0];
    expect([generated > 0, all.generated, all.logLikelihood]).toEqual([true, 0, 0]);
    untrained.network.dispose();
  });

  it('may be ids, and may end in silence', async () => {
    const ids = tokenizer.encode(two.score);
    const piece = async (one: Prime) =>
      (await composeForm(bundle, { form: 'AB', bars: 3 }, { prime: one, seed: 1 })).variations[0];
    expect((await piece({ ids })).ids).toEqual((await piece(two)).ids);
    const rest = { score: { ...pieceOf([[60]]), endTick: 10 * 48 } };
    const { score } = await piece(rest);
    expect(new BarMap(score).count).toBe(6);
    expect(print(score, 1, 3).length).toBeGreaterThan(0);
  });

  it('obeys chords by the bar of the section, and curves by the bar of the piece', async () => {
    const options = { prime: two, chords: 'C | C | F C | G', density: [[0, 2], [1, 8]] as const, seed: 4 }; // prettier-ignore
    const { score, obeyed } = (await composeForm(bundle, { form: 'AB', bars: 4 }, options)).variations[0];
    expect(obeyed.map(({ wish, obeyed: good }) => [wish, good])).toEqual([['chords', true], ['density', true], ['bars', true]]); // prettier-ignore
    expect(print(score, 3, 4).every(([, pitch]) => [7, 11, 2].includes(pitch % 12))).toBe(true);
  });

  it('that is longer than a section, or is left out, is refused', async () => {
    const long = { score: joinScores([prime.score, prime.score]) };
    const form = (options: object) => composeForm(bundle, { form: 'AB', bars: 4 }, options);
    await expect(form({ prime: long })).rejects.toThrow('make the sections as long (sectionBars 8)');
    await expect(form({ prime, includePrime: false })).rejects.toThrow('includePrime');
  });
});
