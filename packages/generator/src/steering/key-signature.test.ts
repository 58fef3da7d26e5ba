import { expect, it } from 'vitest';
import { parseKey } from './harmony.js';
import { keySignatureOf } from './key-signature.js';

it.each([
  ['C major', 0, 'major'],
  ['Am', 0, 'minor'],
  ['D dorian', 0, 'major'],
  ['Bb mixolydian', -3, 'major'],
  ['F# major', 6, 'major'],
  ['Eb minor', -6, 'minor'],
  ['A harmonic minor', 0, 'minor'],
  ['G blues', -2, 'minor'],
  ['E major pentatonic', 4, 'major'],
])('%s is written with %i sharps, %s', (key, fifths, mode) => {
  expect(keySignatureOf(parseKey(key))).toEqual({ fifths, mode });
});

it('what has no signature has none', () => {
  expect(keySignatureOf(parseKey('G# major'))).toBeUndefined();
});
