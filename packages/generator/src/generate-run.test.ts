import { describe, expect, it } from 'vitest';
import { generate, generateTokens } from './generate.js';
import type { GenerateOptions } from './options.js';
import { toyBundle } from './testing/toy.js';
import { code, failure, pieces, tokenizer, trainedToys } from './testing/trained-toys.js';

const { all, last } = trainedToys({ lastSteps: 0 });

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
