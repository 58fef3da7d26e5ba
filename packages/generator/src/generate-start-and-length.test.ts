import type { Bundle } from '@rondo/checkpoint';
import { describe, expect, it } from 'vitest';
import { generate } from './generate.js';
import type { GenerateOptions } from './options.js';
import { pieceOf, toyBundle, toyCorpus, toyTokens } from './testing/toy.js';
import { code, expectLegal, idsOf, tokenizer, trainedToys } from './testing/trained-toys.js';

const { all } = trainedToys({ lastSteps: 0 });

describe('priming', () => {
  const score = pieceOf([[58, 62, 65, 70]]);

  it('goes on with the piece: the result begins with it', async () => {
    const prime = tokenizer.encode(score).slice(0, -1);
    const { variations } = await generate(all, { prime: { score }, seed: 1, count: 2 });
    for (const { ids, primeLength, score: result } of variations) {
      expect(primeLength).toBe(prime.length);
      expect([...ids.slice(0, primeLength)]).toEqual([...prime]);
      expect(ids.length).toBeGreaterThan(primeLength);
      expectLegal(ids);
      const pitches = result.tracks[0].notes.map(({ pitch }) => pitch);
      expect(pitches.slice(0, 4)).toEqual([58, 62, 65, 70]);
    }
    const { ids } = (await generate(all, { prime: { ids: prime }, seed: 1 })).variations[0];
    expect([...ids]).toEqual([...variations[0].ids]);
  });

  it('leaves out notes that the vocabulary cannot spell, so that music with wishes can follow', async () => {
    const strange = pieceOf([[58, 62, 65, 3]]);
    const options = { prime: { score: strange }, bars: 2, key: 'Bb', seed: 1 };
    const { ids, obeyed, primeLength } = (await generate(all, options)).variations[0];
    expect(obeyed.map(({ wish, obeyed: good }) => [wish, good])).toEqual([['key', true], ['bars', true]]); // prettier-ignore
    expect(ids.includes(tokenizer.unk!)).toBe(false);
    expect(tokenizer.decode(ids.slice(0, primeLength)).tracks[0].notes).toHaveLength(3);
  });

  it('may ring on to the end of what follows', async () => {
    const [[pitch], long] = [[58], pieceOf([[58], [62]])];
    const [track] = long.tracks;
    const ringing = { ...long, tracks: [{ ...track, notes: [{ ...track.notes[0], pitch, duration: 96 }] }] };
    const tokens = toyTokens([...toyCorpus(), ringing]);
    const untrained = toyBundle(tokens.tokenizer);
    const { obeyed } = (await generate(untrained, { prime: { score: ringing }, bars: 1, tempo: 120, seed: 1 })).variations[0]; // prettier-ignore
    untrained.network.dispose();
    expect(obeyed.map(({ wish, obeyed: good }) => [wish, good])).toEqual([['tempo', true], ['bars', true]]); // prettier-ignore
  });

  it('is heard: what follows is what the corpus has after it', async () => {
    const { variations } = await generate(all, { prime: { score }, argmax: true });
    const bar = variations[0].score.tracks[0].notes.slice(4, 8).map(({ pitch }) => pitch);
    expect(bar).toEqual([63, 67, 70, 75]); // the corpus goes up a fourth
  });

  it('can be left out of the result', async () => {
    const whole = (await generate(all, { prime: { score }, seed: 1 })).variations[0];
    const rest = (await generate(all, { prime: { score }, seed: 1, includePrime: false })).variations[0];
    expect(rest.primeLength).toBe(0);
    expect([...rest.ids]).toEqual([...whole.ids.slice(whole.primeLength)]);
  });

  it('reads as many of the last tokens as it is told', async () => {
    const long = tokenizer.encode(toyCorpus()[0]).slice(0, -1);
    const short = long.slice(-12);
    const how: GenerateOptions = { tokens: 20, includePrime: false, temperature: 1.5, seed: 3, grammar: false };
    const a = await generate(all, { ...how, prime: { ids: long }, primeTokens: 12 });
    const b = await generate(all, { ...how, prime: { ids: short } });
    expect(idsOf(a.variations)).toEqual(idsOf(b.variations));
  });

  it('with nothing is refused', async () => {
    const empty = { ...all, seeds: [] };
    for (const [bundle, prime] of [
      [empty, { seed: 'random' }],
      [all, { seed: 99 }],
      [all, { ids: [] }],
      [all, { ids: [tokenizer.eos!] }],
      [all, { ids: [tokenizer.vocabulary.size] }],
    ] as [Bundle, GenerateOptions['prime']][]) {
      expect(await code(generate(bundle, { prime }))).toBe('RONDO_GENERATOR_PRIME');
    }
  });
});

describe('the length', () => {
  it('is cut at the tokens asked for', async () => {
    const { variations } = await generate(all, { tokens: 17, seed: 1 });
    expect(variations[0].ids.length - variations[0].primeLength).toBe(17);
    expect(variations[0].ended).toBe('length');
  });

  it('is cut at the bars asked for, after the prime', async () => {
    const prime = { score: pieceOf([[58, 62, 65, 70], [63]]) };
    for (const [options, bars] of [
      [{ bars: 2 }, 2],
      [{ bars: 2, prime }, 4],
      [{ bars: 40 }, 40],
    ] as [GenerateOptions, number][]) {
      const { ids, score, ended } = (await generate(all, { ...options, seed: 2 })).variations[0];
      expect(ended).toBe('length');
      const bar = 4 * score.ticksPerQuarter;
      const end = bars * bar;
      expect(score.endTick).toBeLessThanOrEqual(end);
      expect(score.endTick).toBeGreaterThan(end - 2 * bar); // it may leave a bar empty
      for (const { tick, duration } of score.tracks[0].notes) expect(tick + duration).toBeLessThanOrEqual(end);
      expect(tokenizer.decode(ids).tracks[0].notes.every(({ tick }) => tick < end)).toBe(true);
      expect(tokenizer.vocabulary.token(ids.at(-1)!)).toMatch(/^Duration/);
    }
  });

  it('is cut at the bars asked for even where the piece ends by itself just after', async () => {
    const whole = (await generate(all, { seed: 3, count: 8 })).variations.find(({ notes }) => notes >= 12)!;
    const bars = whole.notes / 4 - 1;
    const free = { seed: 3, count: 8, minTokens: 0 };
    const { ids, ended, notes, score } = (await generate(all, { ...free, bars })).variations[whole.index];
    expect(ended).toBe('length');
    expect(ids.includes(tokenizer.eos!)).toBe(false);
    expect(notes).toBeLessThan(whole.notes);
    expect(score.endTick).toBeLessThanOrEqual(bars * 4 * score.ticksPerQuarter);
    const enough = (await generate(all, { ...free, bars: bars + 1 })).variations[whole.index];
    expect([enough.ended, enough.notes]).toEqual(['eos', whole.notes]);
    const filled = (await generate(all, { seed: 3, count: 8, bars: bars + 1 })).variations[whole.index];
    expect(filled.ended).toBe('length');
  });

  it('is cut at the seconds asked for', async () => {
    const { score, seconds } = (await generate(all, { seconds: 5.3, seed: 2 })).variations[0];
    expect(seconds).toBeLessThanOrEqual(5.35);
    expect(seconds).toBeGreaterThan(4);
    expect(Math.max(...score.tracks[0].notes.map(({ tick, duration }) => tick + duration))).toBe(score.endTick);
  });

  it('may not be shorter than the least asked for', async () => {
    const { variations } = await generate(all, { minTokens: 200, tokens: 300, seed: 1, count: 3 });
    for (const { ids } of variations) expect(ids.length).toBeGreaterThan(200);
  });

  it('leaves no row waiting for another', async () => {
    const { variations } = await generate(all, { seed: 5, count: 6, temperature: 1.5, tokens: 200 });
    expect(new Set(variations.map(({ ids }) => ids.length)).size).toBeGreaterThan(1);
    for (const { ids } of variations) expectLegal(ids);
  });
});
