import { Chord, Note } from 'tonal';
import { describe, expect, it } from 'vitest';
import { parseChords, parseKey } from './harmony.js';

const TONICS = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B', 'C#', 'G#'];
const sorted = (chromas: Iterable<number>) => [...chromas].sort((a, b) => a - b);
const classesOf = (symbol: string, key?: string) => {
  const [[{ classes }]] = parseChords(symbol, key === undefined ? undefined : parseKey(key));
  return sorted([...classes.keys()].filter((one) => classes[one] === 1));
};
/** Pitch classes so many semitones above the tonic. */
const above = (tonic: string, steps: number[]) => sorted(steps.map((step) => (Note.chroma(tonic) + step) % 12));

describe.each(TONICS)('numerals on %s', (tonic) => {
  it.each([
    ['V7/V', [2, 6, 9, 0]],
    ['V/vi', [4, 8, 11]],
    ['vii°/ii', [1, 4, 7]],
    ['viio7/V', [6, 9, 0, 3]],
    ['viiø7', [11, 2, 5, 9]],
    ['V7/IV', [0, 4, 7, 10]],
    ['IV/bVII', [3, 7, 10]],
    ['ii7/IV', [7, 10, 2, 5]],
    ['V/V/V', [9, 1, 4]],
    ['bVI', [8, 0, 3]],
    ['V65', [7, 11, 2, 5]],
    ['I64', [0, 4, 7]],
  ])('%s in major', (symbol, steps) => {
    expect(classesOf(symbol, `${tonic} major`)).toEqual(above(tonic, steps));
  });

  it.each([
    ['V7/V', [2, 6, 9, 0]],
    ['V/III', [10, 2, 5]],
    ['V7/iv', [0, 4, 7, 10]],
    ['vii°7/iv', [4, 7, 10, 1]],
    ['viio7', [11, 2, 5, 8]],
    ['viiø7', [11, 2, 5, 9]],
    ['iiø7', [2, 5, 8, 0]],
    ['VI', [8, 0, 3]],
    ['imaj7', [0, 3, 7, 11]],
  ])('%s in minor', (symbol, steps) => {
    expect(classesOf(symbol, `${tonic} minor`)).toEqual(above(tonic, steps));
  });
});

it('letter names stay what they are, over a bass too', () => {
  expect(classesOf('C/E')).toEqual([0, 4, 7]);
  expect(classesOf('B♭7')).toEqual(sorted(Chord.get('Bb7').notes.map((note) => Note.chroma(note))));
});

it.each(['V/E', 'V7/', '/V', 'V/Q', 'VIIII/V', 'Vxyz/V'])('%s is refused by its name', (symbol) => {
  expect(() => parseChords(symbol, parseKey('C'))).toThrow(`chords: "${symbol}" is no chord`);
});

it('a numeral needs a key', () => {
  expect(() => parseChords('V7/V')).toThrow('the roman numeral "V7/V" needs a key');
});
