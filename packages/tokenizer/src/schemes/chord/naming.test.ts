import { describe, expect, it } from 'vitest';
import { normalOrder, parsePitchName, pitchName } from './naming.js';

describe('names of pitches', () => {
  it('follow music21: flats are minus signs, black keys C#, E-, F#, G#, B-', () => {
    expect([60, 61, 63, 66, 68, 70, 21, 108].map(pitchName)).toEqual([
      'C4',
      'C#4',
      'E-4',
      'F#4',
      'G#4',
      'B-4',
      'A0',
      'C8',
    ]);
  });

  it('are read back, in other spellings too', () => {
    for (let pitch = 12; pitch < 128; pitch++) expect(parsePitchName(pitchName(pitch))).toBe(pitch);
    expect(['E-1', 'B-1', 'C-1'].map(parsePitchName)).toEqual([27, 34, 0]);
    expect(['D#5', 'A-4', 'E#3', 'B##3'].map(parsePitchName)).toEqual([75, 68, 53, 61]);
    expect(['', 'H4', 'C', 'C10', '4', 'G#9', 'c4'].map(parsePitchName)).toEqual(Array(7).fill(undefined));
  });
});

describe('normalOrder', () => {
  it.each<[number[], string]>([
    [[60, 64, 67], '0.4.7'],
    [[64, 67, 72], '0.4.7'],
    [[69, 64], '4.9'],
    [[64, 71], '11.4'],
    [[60, 72], '0'],
    [[66, 60], '0.6'],
    [[62, 68, 65, 59], '2.5.8.11'],
    [[64, 68, 72], '0.4.8'],
    [[59, 67, 74, 65], '11.2.5.7'],
    [[70, 60, 63, 67], '7.10.0.3'],
    [[64, 67, 71, 69], '4.7.9.11'],
  ])('of %j is %s', (pitches, expected) => {
    expect(normalOrder(pitches).join('.')).toBe(expected);
  });

  it('does not depend on order, octave or repeats', () => {
    expect(normalOrder([79, 52, 40, 60, 60])).toEqual(normalOrder([0, 4, 7]));
  });
});
