import type { KeySignature } from '@rondo/tokenizer';
import { Note, Scale } from 'tonal';
import type { ScaleWish } from './harmony.js';

/**
 * The signature that a scale is written with: that of its own notes where they are the seven of a major scale (D dorian has
 * none), else that of the major or natural minor scale on its tonic (A harmonic minor, G blues). Undefined beyond seven
 * sharps or flats.
 */
export function keySignatureOf(scale: ScaleWish): Omit<KeySignature, 'tick'> | undefined {
  const chroma = Note.chroma(scale.tonic);
  const isMinor = scale.classes[(chroma + 3) % 12] === 1 && scale.classes[(chroma + 4) % 12] === 0;
  const parent = Scale.get(`${scale.tonic} ${isMinor ? 'minor' : 'major'}`);
  const notes = isDiatonic(scale.classes) ? scale.notes : parent.notes;
  const fifths = notes.reduce((sum, note) => sum + Note.get(note).alt, 0);
  if (Math.abs(fifths) > 7) return undefined;
  // A sharp more is a fifth up: the minor key of a signature stands on this degree.
  const minorTonic = (((fifths * 7 + 9) % 12) + 12) % 12;
  return { fifths, mode: minorTonic === chroma ? 'minor' : 'major' };
}

/** Whether the pitch classes are those of some major scale. */
function isDiatonic(classes: Uint8Array): boolean {
  const major = [0, 2, 4, 5, 7, 9, 11];
  const count = classes.reduce((sum, one) => sum + one, 0);
  return count === 7 && classes.some((_, tonic) => major.every((step) => classes[(tonic + step) % 12] === 1));
}
