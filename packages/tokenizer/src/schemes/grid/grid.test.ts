import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Score } from '../../score/score.js';
import { scoreArbitrary } from '../../testing/score-arbitrary.js';
import { GridScheme } from './grid.js';

const optionsArbitrary = fc.record({
  grid: fc.constantFrom('1/4', '1/8', '1/16', '1/12', '3/8', '1/7'),
  holds: fc.boolean(),
  pitchRange: fc.constantFrom<[number, number]>([0, 127], [21, 108]),
});

function score(notes: [tick: number, duration: number, pitch: number][], endTick: number): Score {
  const list = notes.map(([tick, duration, pitch]) => ({ tick, duration, pitch, velocity: 64 }));
  const track = { name: '', program: 0, isDrum: false, notes: list, pedals: [] };
  return { ticksPerQuarter: 480, tempos: [], timeSignatures: [], keySignatures: [], tracks: [track], endTick };
}

describe('grid', () => {
  it('decode(encode(s)) equals quantise(s), and encode(quantise(s)) equals encode(s), for every step', () => {
    fc.assert(
      fc.property(scoreArbitrary, optionsArbitrary, (any, options) => {
        const scheme = new GridScheme(options);
        const tokens = scheme.encode(any);
        const quantised = scheme.quantise(any);
        expect(scheme.decode(tokens)).toEqual(quantised);
        expect(scheme.encode(quantised)).toEqual(tokens);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('writes the pitches of a frame from high to low, and silent frames up to the end of the track', () => {
    const piece = score([[480, 480, 60], [480, 480, 67], [960, 480, 64]], 4 * 480); // prettier-ignore
    expect(new GridScheme({ grid: '1/4' }).encode(piece).join(' ')).toBe(
      'Frame Pitch_67 Pitch_60 Frame Pitch_64 Frame Frame',
    );
  });

  it('tells held notes from struck ones on demand', () => {
    const piece = score([[0, 960, 60], [0, 480, 64], [480, 480, 64]], 960); // prettier-ignore
    const holds = new GridScheme({ grid: '1/4', holds: true });
    expect(holds.encode(piece).join(' ')).toBe('Pitch_64 Pitch_60 Frame Pitch_64 Hold_60 Frame');
    expect(holds.quantise(piece).tracks[0].notes.map(({ duration }) => duration)).toEqual([960, 480, 480]);
    expect(new GridScheme({ grid: '1/4' }).encode(piece).join(' ')).toBe(
      'Pitch_64 Pitch_60 Frame Pitch_64 Pitch_60 Frame',
    );
  });

  it('leaves percussion out', () => {
    const piece = score([[0, 480, 36]], 480);
    piece.tracks[0].isDrum = true;
    expect(new GridScheme({ grid: '1/4' }).encode(piece)).toEqual(['Frame']);
  });

  it('refuses a grid that is no fraction, a piece without end, and one of keys that hang for hours', () => {
    expect(() => new GridScheme({ grid: '0.25' })).toThrow(/fraction of a whole note/);
    expect(() => new GridScheme().encode(score([], 480 * 1e6))).toThrow(/1000000/);
    const hanging = Array.from({ length: 40 }, (_, i): [number, number, number] => [0, 480 * 40_000, 30 + i]);
    expect(() => new GridScheme().encode(score(hanging, 480 * 40_000))).toThrow(
      /would take 6560000 tokens in 160000 frames/,
    );
  });
});

describe('grid grammar', () => {
  it('allows every encoding, and only falling pitches, holds of what sounded, and the end after a frame', () => {
    fc.assert(
      fc.property(scoreArbitrary, optionsArbitrary, (any, options) => {
        const scheme = new GridScheme(options);
        const grammar = scheme.grammar();
        for (const token of ['BOS', ...scheme.encode(any)]) {
          expect(grammar.allows(token)).toBe(true);
          grammar.push(token);
        }
      }),
      { numRuns: 100, seed: 2 },
    );
    const grammar = new GridScheme({ holds: true }).grammar();
    const legal = (...tokens: string[]): boolean[] => tokens.map((token) => grammar.allows(token));
    expect(legal('BOS', 'EOS', 'Hold_60', 'Pitch_60', 'Frame', 'UNK')).toEqual([true, false, false, true, true, false]);
    for (const token of ['BOS', 'Pitch_60', 'Frame', 'Pitch_64']) grammar.push(token);
    expect(legal('BOS', 'EOS', 'Hold_60', 'Pitch_64', 'Pitch_65', 'Pitch_63')).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
    grammar.push('Frame');
    expect(legal('EOS', 'Hold_60', 'Hold_64')).toEqual([true, false, true]);
  });

  it('decode skips what is illegal, and keeps an unfinished last frame', () => {
    const decoded = new GridScheme({ grid: '1/4' }).decode(['Bar', 'Pitch_60', 'Pitch_72', 'UNK', 'Frame', 'Pitch_62']);
    expect(decoded.tracks[0].notes.map(({ tick, pitch }) => [tick, pitch])).toEqual([[0, 60], [480, 62]]); // prettier-ignore
  });
});
