import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transpose } from '../augment/augment.js';
import { scoreArbitrary } from '../testing/score-arbitrary.js';
import { chordToneRate } from './chord-tone-rate.js';
import { comparedOnsets, CopyFinder } from './longest-copy.js';
import { musicMetrics } from './metrics.js';
import { exactNames, onsetEvents } from './onset-events.js';
import { repetition } from './repetition.js';
import { scoreOf } from './testing/score-of.js';

type Row = readonly [start: number, length: number, pitch: number];

/** Quarter notes one after another. */
const melody = (...pitches: number[]): Row[] => pitches.map((pitch, i) => [i, 1, pitch]);

describe('chord-tone rate', () => {
  it('is 1 for plain triads, less with foreign notes, and null without chords', () => {
    const triads: Row[] = [0, 2, 4].flatMap((start): Row[] => [60, 64, 67].map((pitch) => [start, 2, pitch]));
    expect(chordToneRate(scoreOf(triads))).toBeCloseTo(1);
    expect(chordToneRate(scoreOf([...triads, [0, 1, 62], [2, 1, 66]]))).toBeCloseTo(18 / 20);
    expect(chordToneRate(scoreOf(melody(60)))).toBeNull();
  });
});

describe('repetition', () => {
  it('one note for ever is a loop of one', () => {
    const { loopShare, longestLoop, repeatedBars } = repetition(scoreOf(melody(...new Array<number>(40).fill(60))));
    expect(longestLoop).toEqual({ start: 0, length: 40, period: 1 });
    expect(loopShare).toBe(1);
    expect(repeatedBars).toBeCloseTo(0.9);
  });

  it('finds a phrase that goes round in the middle, with its shortest period', () => {
    const phrase = [60, 64, 62, 67, 65];
    const pitches = [48, 50, 52, 53, ...phrase, ...phrase, ...phrase, ...phrase, ...phrase, 71, 72, 74];
    const { longestLoop, loopShare } = repetition(scoreOf(melody(...pitches)));
    expect(longestLoop).toEqual({ start: 4, length: 25, period: 5 });
    expect(loopShare).toBeCloseTo(25 / 32);
  });

  it('three times is a refrain, and no repetition is none', () => {
    const refrain = [60, 64, 62, 67, 65, 60, 72, 71];
    expect(repetition(scoreOf(melody(...refrain, ...refrain, ...refrain))).loopShare).toBe(0);
    const never = repetition(scoreOf(melody(...Array.from({ length: 32 }, (_, i) => 40 + i))));
    expect(never).toEqual({ loopShare: 0, longestLoop: null, repeatedBars: 0 });
  });
});

describe('longest copy', () => {
  const tune = [60, 62, 64, 65, 67, 69, 71, 72, 71, 69];
  const copyOf = (piece: Row[], other: Row[], transposed = false) => {
    const finder = new CopyFinder(scoreOf(piece), transposed);
    finder.compare('other.mid', comparedOnsets(scoreOf(other)));
    return finder.longest;
  };

  it('is where the same keys follow after the same waits, in the piece that has most of it', () => {
    const piece = melody(50, 51, ...tune, 40, 41);
    expect(copyOf(piece, melody(90, 91, 92, ...tune, 93))).toEqual({
      events: 10,
      quarters: 9,
      at: 2,
      file: 'other.mid',
    });
    const finder = new CopyFinder(scoreOf(piece));
    finder.compare('short.mid', comparedOnsets(scoreOf(melody(90, ...tune.slice(0, 4)))));
    finder.compare('long.mid', comparedOnsets(scoreOf(melody(90, ...tune.slice(0, 7)))));
    expect(finder.longest).toMatchObject({ events: 7, file: 'long.mid' });
  });

  it('another rhythm is no copy; another key is one only where that is asked for', () => {
    const slow = tune.map((pitch, i): Row => [2 * i, 1, pitch]);
    expect(copyOf(melody(...tune), slow).events).toBe(0);
    const higher = melody(...tune.map((pitch) => pitch + 5));
    expect(copyOf(melody(...tune), higher).events).toBeLessThan(3);
    expect(copyOf(melody(...tune), higher, true).events).toBe(9);
    expect(copyOf([], melody(...tune))).toEqual({ events: 0, quarters: 0, at: 0, file: null });
  });

  it('is as long as a search of all places says', () => {
    const pitches = fc.array(fc.integer({ min: 60, max: 62 }), { maxLength: 25 });
    fc.assert(
      fc.property(pitches, pitches, (a, b) => {
        const [one, other] = [a, b].map((list) => exactNames(onsetEvents(scoreOf(melody(...list)))).slice(1));
        let longest = 0;
        for (let i = 0; i < one.length; i += 1)
          for (let j = 0; j < other.length; j += 1) {
            let run = 0;
            while (i + run < one.length && one[i + run] === other[j + run]) run += 1;
            longest = Math.max(longest, run);
          }
        expect(copyOf(melody(...a), melody(...b)).events).toBe(longest);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('metrics of any score', () => {
  const bounded = ['scaleConsistency', 'emptyBeatRate', 'grooveConsistency', 'chordToneRate', 'loopShare', 'repeatedBars'] as const; // prettier-ignore

  it('are numbers in their ranges, or null', () => {
    fc.assert(
      fc.property(scoreArbitrary, (score) => {
        const metrics = musicMetrics(score);
        for (const value of Object.values(metrics)) expect(Number.isNaN(value)).toBe(false);
        for (const name of bounded) {
          const value = metrics[name];
          if (value !== null) expect(value >= -1e-9 && value <= 1 + 1e-9, `${name} ${value}`).toBe(true);
        }
        if (metrics.polyphony !== null) expect(metrics.polyphony).toBeGreaterThanOrEqual(1 - 1e-9);
        if (metrics.pitchClassEntropy !== null)
          expect(metrics.pitchClassEntropy).toBeLessThanOrEqual(Math.log2(12) + 1e-9);
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it('do not hear in which key, and in which order of tracks, a piece stands', () => {
    const same = ['notes', 'pitchRange', 'pitchesUsed', 'pitchClassEntropy', 'scaleConsistency', 'polyphony', 'emptyBeatRate', 'grooveConsistency', 'noteDensity', 'keyClarity', 'loopShare', 'repeatedBars'] as const; // prettier-ignore
    fc.assert(
      fc.property(scoreArbitrary, fc.integer({ min: -5, max: 6 }), (score, semitones) => {
        const inside = score.tracks.every(
          ({ isDrum, notes }) => isDrum || notes.every(({ pitch }) => pitch >= 5 && pitch <= 121),
        );
        fc.pre(inside);
        const moved = musicMetrics({
          ...transpose(score, semitones),
          tracks: [...transpose(score, semitones).tracks].reverse(),
        });
        const plain = musicMetrics(score);
        for (const name of same) {
          if (plain[name] === null) expect(moved[name]).toBeNull();
          else expect(moved[name]).toBeCloseTo(plain[name], 9);
        }
      }),
      { numRuns: 150, seed: 3 },
    );
  });
});
