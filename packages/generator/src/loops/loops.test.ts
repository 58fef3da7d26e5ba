import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { createScheme } from '@rondo/tokenizer';
import { findLoops, LOOP_CRITERIA, loopCriteria, LoopTracker } from './loop-detection.js';
import { LoopEscape } from './loop-escape.js';

const repeat = (phrase: number[], times: number) => Array.from({ length: times }, () => phrase).flat();
const noise = (length: number, seed = 1) => {
  const random = seededRandom(seed);
  return Array.from({ length }, () => 1000 + Math.floor(random.next() * 1000));
};

describe('finding loops', () => {
  it('finds one note for ever', () => {
    expect(findLoops(repeat([7], 500))).toEqual([{ start: 0, length: 500, period: 1 }]);
  });

  it('finds a phrase among other music, from its first to its last token', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 40 }), fc.nat(), (period, rest, seed) => {
        const phrase = Array.from({ length: period }, (_, i) => i); // no shorter period inside
        const times = Math.max(LOOP_CRITERIA.minRepeats, Math.ceil(LOOP_CRITERIA.minSpan / period));
        const ids = [
          ...noise(30, seed),
          ...repeat(phrase, times),
          ...phrase.slice(0, rest % period),
          ...noise(30, seed + 1),
        ];
        const length = times * period + (rest % period);
        expect(findLoops(ids)).toEqual([{ start: 30, length, period }]);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('lets refrains and repeated notes pass', () => {
    expect(findLoops(repeat(noise(16), 3))).toEqual([]);
    expect(findLoops([...noise(50), ...repeat([5], 16), ...noise(50)])).toEqual([]);
    expect(findLoops(noise(2000))).toEqual([]);
    expect(findLoops(repeat(noise(LOOP_CRITERIA.maxPeriod + 1), 6))).toEqual([]);
    expect(findLoops([])).toEqual([]);
  });

  it('agrees with a search that compares everything with everything', () => {
    const criteria = { maxPeriod: 5, minRepeats: 3, minSpan: 6 };
    const naive = (ids: number[]) => {
      for (let period = 1; period <= criteria.maxPeriod; period++) {
        let run = 0;
        while (run + period < ids.length && ids[ids.length - 1 - run] === ids[ids.length - 1 - run - period]) run++;
        const length = run + period;
        if (run > 0 && length >= Math.max(criteria.minRepeats * period, criteria.minSpan)) {
          return { start: ids.length - length, length, period };
        }
      }
      return undefined;
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 40 }), (ids) => {
        const tracker = new LoopTracker(criteria);
        ids.forEach((id) => tracker.push(id));
        expect(tracker.loop).toEqual(naive(ids));
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe('loops of frames', () => {
  const chord = [9, 5, 3]; // two pitches and the end of the frame
  const criteria = (grid: string) => loopCriteria({ scheme: createScheme({ name: 'grid', grid }) });
  const ofEighths = criteria('1/8');

  it('are as long in music, whatever the grid', () => {
    expect(criteria('1/4')).toEqual({ maxPeriod: 192, minRepeats: 4, minSpan: 48 });
    expect(ofEighths).toEqual({ maxPeriod: 384, minRepeats: 4, minSpan: 96 });
    expect(criteria('3/16')).toEqual({ maxPeriod: 256, minRepeats: 4, minSpan: 64 });
    expect(criteria('1/1')).toEqual({ maxPeriod: 128, minRepeats: 4, minSpan: 24 });
    expect(loopCriteria({ scheme: createScheme({ name: 'remi' }) })).toBe(LOOP_CRITERIA);
  });

  it('a chord that lasts for four bars is no loop, nor does it make a voice freer', () => {
    const lasting = repeat(chord, 31);
    expect(findLoops(lasting)).toHaveLength(1);
    expect(findLoops(lasting, ofEighths)).toEqual([]);
    const escape = new LoopEscape(ofEighths);
    for (const id of lasting) escape.push(id);
    expect(escape.next(() => 0.01)).toBeUndefined();
    expect(escape.escapes).toBe(0);
    for (const id of [...chord, ...chord]) {
      escape.push(id);
      expect(escape.next(() => 0.01)?.banned).toBe(escape.escapes === 1 ? chord[0] : undefined);
    }
    expect(escape.escapes).toBe(1);
  });
});

describe('leading out of a loop', () => {
  const phrase = [1, 2, 3, 4, 5, 6];

  /** Lets a phrase go on, as a network with such doubts about its tokens would; returns what was banned, and when. */
  function goOn(escape: LoopEscape, phrase: readonly number[], doubt: (id: number) => number, tokens: number) {
    const banned: { at: number; id: number; heat: number }[] = [];
    for (let at = 0; at < tokens; at++) {
      const found = escape.next(doubt);
      if (found?.banned !== undefined) {
        banned.push({ at, id: found.banned, heat: found.heat });
        escape.push(99);
        return banned;
      }
      escape.push(phrase[at % phrase.length]);
    }
    return banned;
  }

  it('does nothing while there is none', () => {
    const escape = new LoopEscape();
    for (const id of noise(300)) {
      expect(escape.next(() => 0.01)).toBeUndefined();
      escape.push(id);
    }
    expect(escape.escapes).toBe(0);
  });

  it('listens to a round, and bans the token that the network is least sure of, without warming', () => {
    const escape = new LoopEscape();
    for (const id of repeat(phrase, 4)) escape.push(id);
    expect(goOn(escape, phrase, (id) => (id === 3 ? 0.1 : 0.001), 30)).toEqual([{ at: 8, id: 3, heat: 1 }]);
    expect(escape.next(() => 0.01)).toBeUndefined();
    for (const id of noise(40)) escape.push(id);
    expect(escape.next(() => 0.01)).toBeUndefined();
    expect(escape.escapes).toBe(1);
  });

  it('breaks the phrase again where it comes back whole soon after', () => {
    const escape = new LoopEscape();
    for (const id of repeat(phrase, 4)) escape.push(id);
    expect(goOn(escape, phrase, () => 0.01, 30)).toHaveLength(1);
    for (const id of phrase) escape.push(id); // its first token is the second one after the way out
    for (const id of phrase.slice(0, 5)) {
      expect(escape.next(() => 0.01)).toBeUndefined();
      escape.push(id);
    }
    escape.push(phrase[5]);
    expect(escape.next(() => 0.01)).toEqual({ heat: 1, banned: 1 });
    expect(escape.escapes).toBe(1);
  });

  it('takes any place at the end of a second round, for a network that grows surer', () => {
    const escape = new LoopEscape();
    for (const id of repeat(phrase, 4)) escape.push(id);
    let doubt = 0.5;
    expect(goOn(escape, phrase, () => (doubt /= 2), 30)).toEqual([{ at: 11, id: 6, heat: 1 }]);
  });

  it('takes any place after the first round of a short phrase, which has been heard so often already', () => {
    const escape = new LoopEscape();
    for (const id of repeat([1, 2, 3, 4], 6)) escape.push(id);
    expect(goOn(escape, [1, 2, 3, 4], (id) => (id === 3 ? 0.1 : 0.001), 30)).toEqual([{ at: 4, id: 1, heat: 1 }]);
  });

  it('waits for a place where something else may come', () => {
    const escape = new LoopEscape();
    for (const id of repeat([1, 2, 3, 4], 6)) escape.push(id);
    expect(goOn(escape, [1, 2, 3, 4], (id) => (id === 2 ? 1e-9 : 0), 30)).toEqual([{ at: 5, id: 2, heat: 1 }]);
  });

  it('leaves a phrase before it has been heard as often as a loop is', () => {
    const escape = new LoopEscape();
    const long = noise(40);
    const banned: number[] = [];
    repeat(long, 6).forEach((id, at) => {
      if (banned.length === 0 && escape.next(() => 0.01)?.banned === id) banned.push(at);
      escape.push(id);
    });
    expect(banned[0]).toBeGreaterThanOrEqual(3 * 40);
    expect(banned[0]).toBeLessThan(4 * 40);
  });

  it('lets a loop that ends by itself end', () => {
    const escape = new LoopEscape();
    for (const id of repeat([1, 2, 3], 8)) escape.push(id);
    expect(escape.next(() => 0.01)).toBeUndefined();
    for (const id of noise(200)) {
      escape.push(id);
      expect(escape.next(() => 0.01)).toBeUndefined();
    }
  });

  it('warms more when the loop comes back soon, for a while', () => {
    const escape = new LoopEscape();
    const heats: number[] = [];
    for (let round = 0; round < 8; round++) {
      for (const id of [...noise(17, round), ...repeat([1, 2], 13)]) {
        escape.next(() => 0.01);
        escape.push(id);
      }
      heats.push(...goOn(escape, [1, 2], () => 0.01, 30).map(({ heat }) => heat));
      if (round > 0) expect(escape.next(() => 0.01)).toEqual({ heat: heats[round], banned: undefined });
      for (const id of noise(20, round)) escape.push(id);
      expect(escape.next(() => 0.01)).toBeUndefined();
    }
    expect(heats).toEqual([1, 1.5, 2, 2.5, 3, 3, 3, 3]);
  });
});
