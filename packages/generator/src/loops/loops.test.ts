import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { createScheme } from '@rondo/tokenizer';
import { findLoops, FRAME_LOOP_CRITERIA, LOOP_CRITERIA, loopCriteria, LoopTracker } from './loop-detection.js';
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

  it('a chord that lasts for four bars is no loop, nor does it make a voice freer', () => {
    expect(loopCriteria({ scheme: createScheme({ name: 'grid' }) })).toBe(FRAME_LOOP_CRITERIA);
    expect(loopCriteria({ scheme: createScheme({ name: 'remi' }) })).toBe(LOOP_CRITERIA);
    const lasting = repeat(chord, 31);
    expect(findLoops(lasting)).toHaveLength(1);
    expect(findLoops(lasting, FRAME_LOOP_CRITERIA)).toEqual([]);
    const escape = new LoopEscape(FRAME_LOOP_CRITERIA);
    for (const id of lasting) escape.push(id);
    expect(escape.next()).toBeUndefined();
    for (const id of chord) escape.push(id);
    expect(escape.next()).toEqual({ heat: 1.5, banned: 9 });
  });
});

describe('leading out of a loop', () => {
  it('does nothing while there is none', () => {
    const escape = new LoopEscape();
    for (const id of noise(300)) {
      expect(escape.next()).toBeUndefined();
      escape.push(id);
    }
    expect(escape.escapes).toBe(0);
  });

  it('bans the token that would go on, warms for a while, then leaves the voice alone', () => {
    const escape = new LoopEscape();
    for (const id of repeat([1, 2, 3], 8)) escape.push(id);
    expect(escape.next()).toEqual({ heat: 1.5, banned: 1 });
    escape.push(99);
    expect(escape.next()).toEqual({ heat: 1.5, banned: undefined });
    for (const id of noise(40)) escape.push(id);
    expect(escape.next()).toBeUndefined();
    expect(escape.escapes).toBe(1);
  });

  it('warms more when the loop comes back soon', () => {
    const escape = new LoopEscape();
    const heats: number[] = [];
    for (let round = 0; round < 8; round++) {
      for (const id of [...noise(17, round), ...repeat([1, 2], 13)]) {
        const found = escape.next();
        if (found?.banned !== undefined) heats.push(found.heat);
        escape.push(id);
      }
      for (const id of noise(20, round)) escape.push(id);
    }
    expect(Math.max(...heats)).toBeGreaterThan(heats[0]);
    expect(Math.max(...heats)).toBeLessThanOrEqual(3);
  });
});
