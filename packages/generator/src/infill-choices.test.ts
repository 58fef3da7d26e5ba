import { cutBars, joinScores, scaleTicks } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { generate } from './generate.js';
import { infill } from './infill.js';
import { likelihoodOf } from './likelihood.js';
import { metricsAlong } from './music/along.js';
import { mostAtOnce } from './steering/report.js';
import { pieceOf, toyBundle, toyCorpus, toyTokens } from './testing/toy.js';
import { tokenizer, trainedToys } from './testing/trained-toys.js';

const { all: bundle } = trainedToys({ steps: 200, lastSteps: 0 });

const print = (score: Parameters<typeof cutBars>[0], first: number, end: number) =>
  cutBars(score, first, end).tracks.flatMap(({ notes }) =>
    notes.map(({ tick, pitch, duration }) => [tick / score.ticksPerQuarter, pitch, duration / score.ticksPerQuarter]),
  );

describe('filling bars', () => {
  const score = joinScores([toyCorpus()[0], toyCorpus()[0]]);

  it('leaves all others alone, and takes the filling after which the rest is likeliest', async () => {
    const span = { from: 2, to: 4 };
    const { variations } = await infill(bundle, { score, ...span, candidates: 6 }, { seed: 2, temperature: 1.4 });
    const [{ score: filled, obeyed }] = variations;
    expect(obeyed.find(({ wish }) => wish === 'infill')?.obeyed).toBe(true);
    expect(print(filled, 0, 2)).toEqual(print(score, 0, 2));
    expect(print(filled, 4, 8)).toEqual(print(score, 4, 8));
    expect(print(filled, 2, 4).length).toBeGreaterThan(0);
    const one = await infill(bundle, { score, ...span, candidates: 1 }, { seed: 2, temperature: 1.4 });
    const after = async (whole: typeof score) => {
      const ids = tokenizer.encode(whole);
      const bar = tokenizer.vocabulary.id('Bar')!;
      const from = [...ids.keys()].filter((at) => ids[at] === bar)[4];
      return (await likelihoodOf(bundle, [{ ids, from }]))[0];
    };
    expect(await after(filled)).toBeGreaterThanOrEqual(await after(one.variations[0].score));
  });

  it('can begin with the first bar', async () => {
    const { variations } = await infill(bundle, { score, from: 0, to: 1, candidates: 2 }, { seed: 1 });
    expect(print(variations[0].score, 1, 8)).toEqual(print(score, 1, 8));
  });

  it('refuses bars that are not there', async () => {
    await expect(infill(bundle, { score, from: 5, to: 20 })).rejects.toThrow('bars inside 1 to 8');
  });
});

describe('choices', () => {
  it('a beam finds a piece that is at least as likely as the greedy one', async () => {
    const how = { bars: 4, ending: 'proper' as const };
    const perToken = ({ logLikelihood, ids }: { logLikelihood: number; ids: Int32Array }) =>
      logLikelihood / (ids.length - 1);
    const greedy = (await generate(bundle, { ...how, argmax: true })).variations[0];
    const beam = (await generate(bundle, { ...how, beam: 6 })).variations[0];
    expect(perToken(beam)).toBeGreaterThanOrEqual(perToken(greedy) - 1e-6);
    expect(beam.obeyed.every((one) => one.obeyed)).toBe(true);
    const [likelihood] = await likelihoodOf(bundle, [{ ids: beam.ids, from: 1 }]);
    expect(likelihood).toBeCloseTo(perToken(beam), 4);
  });

  it('the best of several is one of them', async () => {
    const how = { seed: 7, temperature: 1.3, bars: 4, ending: 'proper' as const };
    const all = (await generate(bundle, { ...how, count: 6 })).variations;
    const { variations } = await generate(bundle, { ...how, count: 2, bestOf: 3 });
    expect(variations.map(({ rank }) => rank?.of)).toEqual([3, 3]);
    for (const [i, { ids }] of variations.entries()) {
      expect(all.slice(3 * i, 3 * i + 3).map((one) => one.ids.join())).toContain(ids.join());
    }
  });

  it('no phrase comes twice where that is forbidden', async () => {
    const { ids } = (await generate(bundle, { seed: 1, tokens: 150, minTokens: 150, noRepeat: 24 })).variations[0];
    const phrases = Array.from({ length: ids.length - 23 }, (_, at) => ids.slice(at, at + 24).join());
    expect(new Set(phrases).size).toBe(phrases.length);
  });

  it('the style of the prime draws pitches towards its own', async () => {
    const prime = { score: pieceOf([[62, 65, 62, 65], [62, 65, 62, 65]]) }; // prettier-ignore
    const share = async (style: number) => {
      const how = { prime, style, seed: 2, count: 6, bars: 4, temperature: 1.5, ending: 'proper' as const };
      const notes = (await generate(bundle, how)).variations.flatMap(({ score }) => score.tracks[0].notes.slice(8));
      return notes.filter(({ pitch }) => pitch === 62 || pitch === 65).length / notes.length;
    };
    expect(await share(0.9)).toBeGreaterThan((await share(0)) + 0.2);
  });

  it('a curve of the temperature is felt along the piece', async () => {
    const how = { seed: 2, count: 4, bars: 16, ending: 'proper' as const };
    const { variations } = await generate(bundle, { ...how, temperature: [[0, 0.05], [0.5, 0.05], [0.6, 4], [1, 4]] }); // prettier-ignore
    const variety = (first: number, end: number) =>
      variations.reduce((sum, { score }) => sum + new Set(print(score, first, end).map(([, pitch]) => pitch)).size, 0);
    expect(variety(10, 16)).toBeGreaterThan(variety(0, 6));
  });
});

describe('a melody', () => {
  it('gets three voices below it that never cross, in every key asked for', async () => {
    const melody = pieceOf([[74, 76, 77, 79], [79, 77, 74, 72]]); // prettier-ignore
    const low = pieceOf([[48, 52, 55, 60], [53, 57, 60, 64], [45, 50, 62, 65], [67, 69, 70, 72]]); // prettier-ignore
    const { tokenizer: wide, pieces: ids } = toyTokens([melody, low, ...toyCorpus()]);
    const untrained = toyBundle(wide);
    expect(ids.length).toBeGreaterThan(2);
    const { variations } = await generate(untrained, { harmonise: melody, key: 'F major', count: 3, seed: 1 });
    for (const { obeyed, score } of variations) {
      expect(obeyed.map((one) => [one.wish, one.obeyed])).toEqual([['key', true], ['harmonise', true]]); // prettier-ignore
      expect(score.tracks.map(({ name }) => name)).toEqual(['Soprano', 'Alto', 'Tenor', 'Bass']);
      expect(mostAtOnce(score.tracks.flatMap(({ notes }) => notes))).toBe(4);
      expect(score.tracks[0].notes.map(({ pitch }) => pitch)).toEqual([74, 76, 77, 79, 79, 77, 74, 72]);
    }
    untrained.network.dispose();
  });
});

describe('a melody that is played freely', () => {
  it('has its voices from its first moment to its last', async () => {
    const strict = pieceOf([[74, 76, 77, 79], [79, 77, 74, 72]]); // prettier-ignore
    const low = pieceOf([[48, 52, 55, 60], [53, 57, 60, 64], [45, 50, 62, 65], [67, 69, 70, 72]]); // prettier-ignore
    const untrained = toyBundle(toyTokens([strict, low]).tokenizer);
    const fine = scaleTicks(strict, 40);
    const [track] = fine.tracks;
    // A little early at the start, a little late at the end: less than tokens tell.
    const notes = track.notes.map((note, i) => ({
      ...note,
      tick: note.tick + (i === 0 ? 7 : 9),
      duration: note.duration + (i === 7 ? 5 : 0),
    }));
    const { variations } = await generate(untrained, {
      harmonise: { ...fine, tracks: [{ ...track, notes }] },
      seed: 1,
    });
    untrained.network.dispose();
    expect(variations[0].obeyed.map((one) => [one.wish, one.obeyed])).toEqual([['harmonise', true]]);
    const spans = variations[0].score.tracks.map(({ notes: line }) => [
      line[0].tick,
      line.at(-1)!.tick + line.at(-1)!.duration,
    ]);
    for (const [from, to] of spans) expect([from <= spans[0][0], to >= spans[0][1]]).toEqual([true, true]);
  });
});

describe('a melody under a small vocabulary', () => {
  it('gets voices that end only where they can go on', async () => {
    const melody = pieceOf([[74, 76, 77, 79], [79, 77, 74, 72]]); // prettier-ignore
    const low = pieceOf([[48, 52, 55, 60], [53, 57, 60, 64], [45, 50, 62, 65], [67, 69, 70, 72]]); // prettier-ignore
    const [track] = low.tracks;
    // Eighths on the beats: the vocabulary has their length, but no place at which they end.
    const short = { ...low, tracks: [{ ...track, notes: track.notes.map((note) => ({ ...note, duration: 6 })) }] };
    const { tokenizer: small } = toyTokens([melody, low, short]);
    const untrained = toyBundle(small);
    const { variations } = await generate(untrained, { harmonise: melody, seed: 1 });
    untrained.network.dispose();
    expect(variations[0].obeyed.map((one) => [one.wish, one.obeyed])).toEqual([['harmonise', true]]);
  });
});

describe('metrics along a piece', () => {
  it('tell repeats and standstill', () => {
    const theme = pieceOf([[60, 64], [62, 65], [64, 67], [65, 69], [67, 71], [60, 65], [62, 67], [60, 67]]); // prettier-ignore
    const drone = pieceOf(Array.from({ length: 8 }, () => [61]));
    const along = metricsAlong(joinScores([theme, theme, drone]));
    expect(along.map(({ bar, bars }) => [bar, bars])).toEqual([[1, 8], [9, 8], [17, 8]]); // prettier-ignore
    expect(along.map(({ repeated }) => repeated)).toEqual([0, 1, 7 / 8]);
    expect(along.map(({ stuck }) => stuck)).toEqual([0, 0, 7 / 8]);
  });
});
