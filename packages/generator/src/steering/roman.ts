import { Note, RomanNumeral } from 'tonal';

/** A key as far as numerals need it. */
export interface KeyNotes {
  readonly tonic: string;
  readonly notes: readonly string[];
}

/** Notes of the major and the natural minor scale on a tonic. */
export type KeyOf = (tonic: string, mode: 'major' | 'minor') => KeyNotes;

const NUMERAL = /^[b#]*[IViv]+/;

/** Whether a chord is written as a numeral: `vi`, `bVII`, `V7/V`. Letter names, also over a bass (`C/E`), are not. */
export function isRoman(symbol: string): boolean {
  return symbol.split('/').every((part) => NUMERAL.test(part) && !RomanNumeral.get(part).empty);
}

/**
 * The chord symbol of a numeral: lower case is minor, `o` diminished, `ø` half-diminished. It stands on the key's own
 * degrees (VI of A minor is F); with `b` or `#`, and on the leading note, on those of the major scale. Behind a stroke
 * stands the chord that is its key for the moment: `V7/V`, `viio/ii`. Figures of inversions say nothing of the notes.
 */
export function spellRoman(symbol: string, key: KeyNotes, keyOf: KeyOf): string {
  const stroke = symbol.indexOf('/');
  if (stroke < 0) return spellPlain(symbol, key);
  const target = symbol.slice(stroke + 1);
  const [tonic] = /^[A-G](#|b)*/.exec(spellRoman(target, key, keyOf)) ?? [key.tonic];
  const { major } = RomanNumeral.get(target.split('/')[0]);
  return spellPlain(symbol.slice(0, stroke), keyOf(tonic, major ? 'major' : 'minor'));
}

function spellPlain(symbol: string, key: KeyNotes): string {
  const roman = RomanNumeral.get(symbol);
  const type = chordType(roman.chordType);
  const degree = roman.step ?? 0;
  const leading = degree === 6 && /^(o|dim|m7b5)/.test(type);
  const own = key.notes.length === 7 && roman.acc === '' && !leading;
  const root = own ? key.notes[degree] : Note.transpose(key.tonic, roman.interval ?? '1P');
  if (roman.major || /^(o|dim|m(?!aj))/.test(type)) return root + type;
  return `${root}m${type.replace(/^maj/, 'M')}`;
}

function chordType(text: string): string {
  const plain = text.replace('°', 'o').replace(/ø7?/, 'm7b5');
  return plain.replace(/(65|43|42)$/, '7').replace(/64$/, '');
}
