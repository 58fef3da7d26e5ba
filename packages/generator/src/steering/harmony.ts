import { Chord, Note, Scale } from 'tonal';
import { GeneratorError } from '../errors.js';
import { isRoman, spellRoman } from './roman.js';

/** A scale by its pitch classes (1 = in), and the name that it was understood as. */
export interface ScaleWish {
  readonly name: string;
  readonly tonic: string;
  readonly notes: readonly string[];
  readonly classes: Uint8Array;
}

/** A chord by its pitch classes. */
export interface ChordWish {
  readonly symbol: string;
  readonly root: number;
  readonly classes: Uint8Array;
}

/**
 * A key or scale: `D dorian`, `C major`, `F# minor pentatonic`, `Bb`, `Am`.
 * @throws GeneratorError RONDO_GENERATOR_OPTION
 */
export function parseKey(text: string): ScaleWish {
  const written = plainSigns(text.trim()).replace(/\s+/g, ' ');
  const parts = /^([A-Ga-g])(#{1,2}|b{1,2})?\s*(.*)$/.exec(written);
  const scale = parts === null ? undefined : Scale.get(`${parts[1].toUpperCase()}${parts[2] ?? ''} ${mode(parts[3])}`);
  if (scale === undefined || scale.empty || scale.tonic === null) {
    throw wrong(`key: expected a key or scale such as "C major", "Am" or "D dorian", not "${text}"`);
  }
  return { name: scale.name, tonic: scale.tonic, notes: scale.notes, classes: classesOf(scale.notes) };
}

/** What stands behind the tonic: nothing and `maj` are major, `m` and `min` minor (`M` is major). */
function mode(text: string): string {
  if (text === '' || text === 'M' || /^maj(or)?$/i.test(text)) return 'major';
  return /^m(in(or)?)?$/i.test(text) ? 'minor' : text.toLowerCase();
}

/**
 * Chords by bar. `Am F C G` is one chord a bar; with bar lines (`Am F | C`) the chords of a bar share it equally.
 * Roman numerals (`I vi IV V7`, `viio`, `V7/V`) need the key: see `spellRoman`.
 * @returns chords of each bar
 * @throws GeneratorError RONDO_GENERATOR_OPTION
 */
export function parseChords(text: string, key?: ScaleWish): ChordWish[][] {
  const bars = text.includes('|')
    ? text.split('|').map((bar) => bar.trim().split(/\s+/).filter(Boolean))
    : text.trim().split(/[\s,]+/).filter(Boolean).map((symbol) => [symbol]); // prettier-ignore
  const named = bars.filter((bar) => bar.length > 0);
  if (named.length === 0) throw wrong('chords: expected chords such as "Am F C G", got nothing');
  return named.map((bar) => bar.map((symbol) => parseChord(symbol, key)));
}

function parseChord(symbol: string, key: ScaleWish | undefined): ChordWish {
  const written = plainSigns(symbol);
  const name = isRoman(written) ? spell(written, key) : written;
  const chord = Chord.get(name);
  if (chord.empty || chord.tonic === null) {
    throw wrong(`chords: "${symbol}" is no chord; write it as Am, F#7, Bbmaj7, C/E or, with a key, as vi, V7 or V7/V`);
  }
  return { symbol, root: Note.chroma(chord.tonic), classes: classesOf(chord.notes) };
}

function spell(symbol: string, key: ScaleWish | undefined): string {
  if (key === undefined) throw wrong(`chords: the roman numeral "${symbol}" needs a key, such as --key "C major"`);
  return spellRoman(symbol, key, (tonic, kind) => ({ tonic, notes: Scale.get(`${tonic} ${kind}`).notes }));
}

/** With the letters for flats and sharps. */
function plainSigns(text: string): string {
  return text.replace(/♯/g, '#').replace(/♭/g, 'b');
}

function classesOf(notes: readonly string[]): Uint8Array {
  const classes = new Uint8Array(12);
  for (const note of notes) classes[Note.chroma(note)] = 1;
  return classes;
}

/**
 * Lowest and highest pitch: `C3..C6`, `48..84`.
 * @throws GeneratorError RONDO_GENERATOR_OPTION
 */
export function parseRange(text: string): [number, number] {
  const ends = text.split('..').map((end) => (/^\d+$/.test(end.trim()) ? Number(end) : (Note.midi(end.trim()) ?? -1)));
  const [low, high] = ends;
  if (ends.length === 2 && low >= 0 && low <= high && high <= 127) return [low, high];
  throw wrong(`range: expected two pitches such as C3..C6 or 48..84, not "${text}"`);
}

/** A meter such as `3/4`. @throws GeneratorError RONDO_GENERATOR_OPTION */
export function parseMeter(text: string): { numerator: number; denominator: number } {
  const [numerator, denominator] = /^(\d{1,2})\/(1|2|4|8|16|32)$/.exec(text.trim())?.slice(1).map(Number) ?? [0, 0];
  if (numerator > 0) return { numerator, denominator };
  throw wrong(`meter: expected a meter such as 4/4, 3/4 or 6/8, not "${text}"`);
}

function wrong(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_OPTION', message);
}
