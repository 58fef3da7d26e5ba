import { describe, expect, it } from 'vitest';
import { findKey, keyName, keyOfHistogram } from './key.js';
import { scoreOf } from './testing/score-of.js';

describe('findKey', () => {
  it.each<[string, number[], number]>([
    ['C major', [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60], 0],
    ['Eb major', [63, 65, 67, 68, 70, 72, 74, 75, 70, 67, 63], -3],
    ['A minor', [57, 59, 60, 62, 64, 65, 68, 69, 64, 60, 57], 0],
    ['F# minor', [66, 68, 69, 71, 73, 74, 77, 78, 73, 69, 66], 3],
  ])('hears %s', (name, pitches, fifths) => {
    const key = findKey(scoreOf(pitches.map((pitch, i) => [i, 1, pitch])));
    expect(key).toMatchObject({ name, fifths });
    expect(key?.correlation).toBeGreaterThan(0.8);
    expect(key?.clarity).toBeGreaterThan(0);
  });

  it('weighs notes by their length', () => {
    const short = [61, 63, 66, 68, 70].map((pitch, i): [number, number, number] => [i, 0.01, pitch]);
    const long = [60, 64, 67, 65, 71].map((pitch, i): [number, number, number] => [10 + i, 4, pitch]);
    expect(findKey(scoreOf([...short, ...long]))?.name).toBe('C major');
  });

  it('has no answer where there is none', () => {
    expect(findKey(scoreOf([]))).toBeUndefined();
    expect(keyOfHistogram(Array(12).fill(3))).toBeUndefined();
  });

  it('names all key signatures', () => {
    expect([-7, 0, 7].map((fifths) => keyName({ fifths, mode: 'major' }))).toEqual(['Cb major', 'C major', 'C# major']);
    expect([-7, -3, 7].map((fifths) => keyName({ fifths, mode: 'minor' }))).toEqual([
      'Ab minor',
      'C minor',
      'A# minor',
    ]);
  });
});
