import type { Bundle } from '@rondo/checkpoint';
import { readMidi, writeMidi } from '@rondo/tokenizer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GeneratorError } from './errors.js';
import { generate, generateTokens, type Variation } from './generate.js';
import type { GenerateOptions } from './options.js';
import { pieceOf, toyBundle, toyCorpus, toyTokens, trainToy } from './testing/toy.js';

const { tokenizer, pieces } = toyTokens();
let all: Bundle; // knows the corpus
let last: Bundle;
beforeAll(async () => {
  all = { ...toyBundle(tokenizer), seeds: pieces.slice(0, 3).map((ids) => ids.slice(10, 26)) };
  last = { ...toyBundle(tokenizer, { objective: 'last' }), seeds: pieces.slice(0, 3).map((ids) => ids.slice(10, 26)) };
  expect(await trainToy(all, pieces, 250)).toBeLessThan(0.35);
  await trainToy(last, pieces, 60);
});
afterAll(() => [all, last].forEach(({ network }) => network.dispose()));

const idsOf = (variations: readonly Variation[]) => variations.map(({ ids }) => [...ids]);

async function failure(promise: Promise<unknown>): Promise<GeneratorError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GeneratorError);
  expect((error as Error).message).not.toContain('\n');
  return error as GeneratorError;
}

async function code(promise: Promise<unknown>): Promise<string> {
  return (await failure(promise)).code;
}

/** Every id is allowed by the grammar at its place. */
function expectLegal(ids: Iterable<number>): void {
  const cursor = tokenizer.grammarCursor();
  const mask = new Uint8Array(tokenizer.vocabulary.size);
  let at = 0;
  for (const id of ids) {
    cursor.mask(mask);
    expect(mask[id], `token ${at}: ${tokenizer.vocabulary.token(id)}`).toBe(1);
    cursor.push(id);
    at++;
  }
}

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

describe('while it runs', () => {
  it('gives every token as it is chosen', async () => {
    const seen: number[][] = [[], []];
    const { variations } = await generate(
      all,
      { seed: 8, count: 2, tokens: 50 },
      {
        onToken: ({ variation, index, id }) => {
          expect(index).toBe(seen[variation].length);
          seen[variation].push(id);
        },
      },
    );
    expect(seen).toEqual(variations.map(({ ids, primeLength }) => [...ids.slice(primeLength)]));
    const streamed: number[] = [];
    for await (const { id, variation } of generateTokens(all, { seed: 8, tokens: 50 }))
      if (variation === 0) streamed.push(id);
    expect(streamed).toEqual(seen[0]);
  });

  it('stops at the signal and leaves the network free', async () => {
    const controller = new AbortController();
    let count = 0;
    const running = generate(
      all,
      { tokens: 100_000, minTokens: 100_000 },
      {
        signal: controller.signal,
        onToken: () => void (++count === 100 && controller.abort()),
      },
    );
    expect(await code(running)).toBe('RONDO_GENERATOR_ABORTED');
    expect(count).toBe(100);
    expect(await code(generate(all, {}, { signal: controller.signal }))).toBe('RONDO_GENERATOR_ABORTED');
    expect((await generate(all, { tokens: 5 })).tokens).toBe(5);
  });

  it('lets timers run, and frees the stream when a listener throws', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await generate(all, { tokens: 4000, minTokens: 4000 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
    const before = all.network.memoryBytes;
    const failing = generate(
      all,
      {},
      {
        onToken: () => {
          throw new RangeError('listener');
        },
      },
    );
    await expect(failing).rejects.toThrow('listener');
    expect(all.network.memoryBytes).toBe(before);
  });

  it('measures what was copied from the training data', async () => {
    const training = Int32Array.from(pieces.flatMap((ids) => [...ids]));
    const readable = {
      tokens: training.length,
      read: (at: number, n: number, out: Int32Array, offset = 0) => out.set(training.subarray(at, at + n), offset),
    };
    const { variations } = await generate(all, { argmax: true }, { training: readable });
    expect(variations[0].longestCopy!.length).toBeGreaterThan(20); // it has learnt twelve pieces by heart
    expect((await generate(all, { tokens: 5 })).variations[0].longestCopy).toBeUndefined();
  });
});

describe('what cannot be', () => {
  it.each([
    [{ temperature: -1 }, 'temperature: expected a number from 0 to 100, or points [place 0 … 1, value], received -1'],
    [{ topP: 0 }, 'topP: expected a number above 0 and up to 1, received 0'],
    [{ topK: 1.5 }, 'topK: expected a whole number from 1 up, received 1.5'],
    [{ count: 0, tempo: 3 }, 'count: expected a whole number from 1 to 4096, received 0; tempo: expected a number from 10 to 1000, received 3'], // prettier-ignore
    [{ tokens: '8' }, 'tokens: expected a whole number from 1 to 10000000, received "8"'],
    [{ repetitionPenalty: NaN }, 'repetitionPenalty: expected a number from 1 to 1000, received NaN'],
    [{ prime: {} }, 'prime: expected { score }, { ids }, { seed } or "start", received {}'],
    [{ ending: 'soft' }, 'ending: expected proper or cut, received "soft"'],
    [{ key: 5 }, 'key: expected a text, received 5'],
    [{ harmonise: 'x'.repeat(99) }, `harmonise: expected a score, received "${'x'.repeat(59)}…`],
  ])('is refused in one plain line: %j', async (options, message) => {
    const error = await failure(generate(all, options as GenerateOptions));
    expect(error).toMatchObject({ code: 'RONDO_GENERATOR_OPTION', message });
  });

  it('is refused where there is no such option, beside those that there are', async () => {
    const error = await failure(generate(all, { topk: 3 } as GenerateOptions));
    expect(error.message).toMatch(/^unknown option topk; there are: seed, count, .*topK/);
  });

  it('a bidirectional network of objective "all"', async () => {
    const bundle = toyBundle(tokenizer, { bidirectional: true });
    expect(await code(generate(bundle))).toBe('RONDO_GENERATOR_MODEL');
    bundle.network.dispose();
  });

  it('a reduced precision of a model that reads windows', async () => {
    expect(await code(generate(last, { precision: 'bf16' }))).toBe('RONDO_GENERATOR_OPTION');
    expect(await code(generate(all, { precision: 'fp16' as never }))).toBe('RONDO_GENERATOR_OPTION');
  });

  it('a network whose training diverged', async () => {
    const bundle = toyBundle(tokenizer);
    const weights = bundle.network.readParameters();
    weights.get('heads.next.bias')!.data.fill(NaN);
    bundle.network.writeParameters(weights);
    expect(await code(generate(bundle))).toBe('RONDO_GENERATOR_MODEL');
    bundle.network.dispose();
  });
});
