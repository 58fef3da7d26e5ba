import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom, xoshiro128 } from '../random.js';
import { applyMask, applyTemperature, minP, penaliseRepetition, softmax, topK, topP } from './filters.js';
import { argMax, draw, sample } from './sampler.js';

const RUNS = { seed: 11, numRuns: 300 };
const logits = fc
  .array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((values) => Float32Array.from(values));

const kept = (values: Float32Array) => [...values.keys()].filter((id) => values[id] > -Infinity);

describe('filters', () => {
  it('never change their input', () => {
    fc.assert(
      fc.property(logits, (values) => {
        const before = values.slice();
        applyTemperature(values, 2);
        applyMask(values, new Uint8Array(values.length));
        topK(values, 2);
        topP(values, 0.5);
        minP(values, 0.5);
        penaliseRepetition(values, [0], 2);
        expect(values).toEqual(before);
      }),
      RUNS,
    );
  });

  it('top-k keeps exactly k tokens, none of them less likely than one that is out', () => {
    fc.assert(
      fc.property(logits, fc.integer({ min: 1, max: 50 }), (values, k) => {
        const out = topK(values, k);
        const ids = kept(out);
        expect(ids).toHaveLength(Math.min(k, values.length));
        const least = Math.min(...ids.map((id) => values[id]));
        for (const [id, value] of values.entries()) if (!ids.includes(id)) expect(value).toBeLessThanOrEqual(least);
        for (const id of ids) expect(out[id]).toBe(values[id]);
      }),
      RUNS,
    );
  });

  it('top-p keeps the smallest set of likeliest tokens that reaches the mass', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, mass) => {
        const p = softmax(values);
        const ids = kept(topP(values, mass)).sort((a, b) => p[b] - p[a]);
        const sum = ids.reduce((total, id) => total + p[id], 0);
        expect(sum).toBeGreaterThanOrEqual(Math.min(mass, 1) - 1e-9);
        expect(sum - p[ids.at(-1)!]).toBeLessThan(mass);
        const least = p[ids.at(-1)!];
        for (const [id, value] of p.entries()) if (!ids.includes(id)) expect(value).toBeLessThanOrEqual(least);
      }),
      RUNS,
    );
  });

  it('min-p keeps exactly the tokens with that share of the best probability', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0.001, max: 1, noNaN: true }), (values, share) => {
        const p = softmax(values);
        const best = Math.max(...p);
        const ids = kept(minP(values, share));
        expect(ids).toContain(argMax(values));
        for (const [id, value] of p.entries()) {
          if (Math.abs(value / best - share) > 1e-5) expect(ids.includes(id)).toBe(value / best > share);
        }
      }),
      RUNS,
    );
  });

  it('temperature keeps the order; below 1 the best gains, above 1 it loses', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0.1, max: 10, noNaN: true }), (values, temperature) => {
        const [before, after] = [softmax(values), softmax(applyTemperature(values, temperature))];
        const best = argMax(values);
        expect(after[best]).toBe(Math.max(...after));
        const change = after[best] - before[best];
        expect(temperature < 1 ? change : -change).toBeGreaterThanOrEqual(-1e-6);
      }),
      RUNS,
    );
  });

  it('the repetition penalty divides the odds of recent tokens, each once', () => {
    const p = softmax(penaliseRepetition(Float32Array.of(1, 1, -2), [1, 1, 1], 4));
    expect(p[0] / p[1]).toBeCloseTo(4, 5);
    expect(p[0] / p[2]).toBeCloseTo(Math.exp(3), 3);
  });

  it('softmax survives extreme logits', () => {
    expect([...softmax(Float32Array.of(3e38, -3e38, -Infinity))]).toEqual([1, 0, 0]);
    expect([...softmax(Float32Array.of(-3e38, -3e38))]).toEqual([0.5, 0.5]);
  });
});

describe('sampling', () => {
  const options = fc.record(
    {
      temperature: fc.double({ min: 0, max: 5, noNaN: true }),
      topK: fc.integer({ min: 1, max: 10 }),
      topP: fc.double({ min: 0.05, max: 1, noNaN: true }),
      minP: fc.double({ min: 0.01, max: 1, noNaN: true }),
      argmax: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  it('never gives a token that the mask takes out', () => {
    fc.assert(
      fc.property(logits, options, fc.infiniteStream(fc.boolean()), fc.nat(), (values, how, coins, seed) => {
        const allowed = Uint8Array.from(values, () => Number(coins.next().value));
        allowed[seed % values.length] = 1;
        const random = seededRandom(seed);
        for (let i = 0; i < 5; i++) expect(allowed[sample(applyMask(values, allowed), how, random)]).toBe(1);
      }),
      RUNS,
    );
  });

  it('goes to argmax as the temperature goes to 0', () => {
    fc.assert(
      fc.property(logits, fc.nat(), (values, seed) => {
        const sorted = [...values].sort((a, b) => b - a);
        const best = argMax(values);
        expect(sample(values, { temperature: 0 }, seededRandom(seed))).toBe(best);
        expect(sample(values, { topK: 1, temperature: 3 }, seededRandom(seed))).toBe(best);
        if (sorted.length > 1 && sorted[0] - sorted[1] < 0.1) return; // nearly a tie
        expect(sample(values, { temperature: 1e-3 }, seededRandom(seed))).toBe(best);
      }),
      RUNS,
    );
  });

  it('draws tokens as often as they are likely (chi-squared, fixed seed)', () => {
    const values = Float32Array.of(0, 1, 2, -1, -Infinity, 0.5);
    for (const how of [{}, { temperature: 0.7 }, { temperature: 1.6, topK: 4 }, { topP: 0.8 }, { minP: 0.2 }]) {
      let filtered = applyTemperature(values, how.temperature ?? 1);
      if (how.topK) filtered = topK(filtered, how.topK);
      if (how.topP) filtered = topP(filtered, how.topP);
      if (how.minP) filtered = minP(filtered, how.minP);
      const p = softmax(filtered);
      const n = 20_000;
      const counts = new Float64Array(values.length);
      const random = seededRandom(2026);
      for (let i = 0; i < n; i++) counts[sample(values, how, random)]++;
      const chi = p.reduce(
        (sum, share, id) => (share > 0 ? sum + (counts[id] - n * share) ** 2 / (n * share) : sum),
        0,
      );
      expect(chi).toBeLessThan(20.5); // 5 degrees of freedom, p = 0.001
      for (const [id, share] of p.entries()) if (share === 0) expect(counts[id]).toBe(0);
    }
  });

  it('draws the last likely token where rounding leaves the sum below the number', () => {
    expect(draw(Float64Array.of(0.5, 0.4999, 0), 0.99999)).toBe(1);
    expect(draw(Float64Array.of(0, 1, 0), 0)).toBe(1);
  });
});

describe('random numbers', () => {
  it('are those of the published generator', () => {
    const next = xoshiro128(1, 2, 3, 4);
    // By the recurrence on paper: rotl(5 s₁, 7) × 9.
    expect([next(), next(), next(), next()]).toEqual([11520, 0, 5927040, 70819200]);
  });

  const first = (seed: number, stream: number) => {
    const random = seededRandom(seed, stream);
    return Array.from({ length: 4 }, () => random.next());
  };

  it('are the same for the same seed and stream, and differ for any other', () => {
    expect(first(5, 3)).toEqual(first(5, 3));
    const all = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER].flatMap((seed) =>
      [0, 1, 2, 0xffff_ffff].map((stream) => first(seed, stream).join()),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  it('stay what they are: a seed that was noted down gives the same music later', () => {
    expect(first(42, 0)).toEqual([0.5824474155480297, 0.7876392396416664, 0.034672243029587047, 0.144765860625092]);
  });

  it('are uniform on [0, 1), also across neighbouring seeds', () => {
    const cells = new Float64Array(64);
    for (let seed = 0; seed < 6400; seed++) cells[Math.floor(seededRandom(seed).next() * 64)]++;
    const chi = cells.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    expect(chi).toBeLessThan(103.4); // 63 degrees of freedom, p = 0.001
    expect(chi).toBeGreaterThan(35); // and not suspiciously even
  });
});
