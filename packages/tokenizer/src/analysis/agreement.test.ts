import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transpose } from '../augment/augment.js';
import type { Note, Score } from '../score/score.js';
import { scoreArbitrary } from '../testing/score-arbitrary.js';
import { harmonyAgreement, harmonyOf } from './agreement.js';

const CHORDS = { C: [60, 64, 67], F: [65, 69, 72], G: [67, 71, 74], Am: [57, 60, 64], Cm: [60, 63, 67] };

/** One chord a bar of 4/4. */
function piece(names: string, ticksPerQuarter = 480): Score {
  const notes = names
    .split(' ')
    .flatMap((name, bar) =>
      CHORDS[name as keyof typeof CHORDS].map(
        (pitch): Note => ({ tick: bar * 4 * ticksPerQuarter, duration: 4 * ticksPerQuarter, pitch, velocity: 80 }),
      ),
    );
  const endTick = names.split(' ').length * 4 * ticksPerQuarter;
  return {
    ticksPerQuarter,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    tracks: [{ name: '', program: 0, isDrum: false, notes, pedals: [] }],
    endTick,
  };
}

const compare = (a: Score, b: Score) => harmonyAgreement(harmonyOf(a), harmonyOf(b));

describe('harmonyAgreement', () => {
  it('is the share of time with the same chords, whatever the resolution of the files', () => {
    expect(compare(piece('C F G C'), piece('C F C C', 96))).toEqual({ key: 1, chords: 0.75 });
    expect(compare(piece('C Cm C Cm'), piece('C C C C')).chords).toBe(0.5);
    expect(compare(piece('C F G C'), piece('C F')).chords).toBe(1);
  });

  it('weighs keys as MIREX does', () => {
    const home = piece('C F G C');
    const keys = [1, 0, 0, 0, 0, 0.5, 0, 0.5, 0, 0, 0, 0];
    for (const [semitones, key] of keys.entries()) expect(compare(home, transpose(home, semitones)).key).toBe(key);
    const minor = { tonic: 0, mode: 'minor', name: '', fifths: 0, correlation: 1, clarity: 1 } as const;
    const of = (tonic: number, mode: 'major' | 'minor') =>
      harmonyAgreement({ key: minor, chords: [] }, { key: { ...minor, tonic, mode }, chords: [] });
    expect(of(3, 'major')).toEqual({ key: 0.3, chords: null });
    expect(of(0, 'major').key).toBe(0.2);
    expect(of(9, 'major').key).toBe(0);
  });

  it('is 1 for a piece beside itself, the same both ways, and nothing for silence', () => {
    fc.assert(
      fc.property(scoreArbitrary, scoreArbitrary, (a, b) => {
        for (const value of Object.values(compare(a, a))) expect([1, null]).toContain(value);
        expect(compare(a, b)).toEqual(compare(b, a));
      }),
      { numRuns: 60 },
    );
    expect(compare(piece('C'), { ...piece('C'), tracks: [] })).toEqual({ key: null, chords: null });
  });
});
