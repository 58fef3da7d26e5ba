import { keyName } from '../analysis/key.js';
import { TokenizerError } from '../tokenizer/tokenizer-error.js';

/** What a piece can be asked to be, in the order in which the tokens stand. */
export const CONDITION_KINDS = ['alone', 'genre', 'composer', 'instrument', 'tempo', 'density', 'key'] as const;
/** What a condition says of a piece. */
export type ConditionKind = (typeof CONDITION_KINDS)[number];

/** Wishes as users write them: `{ genre: 'Jazz', tempo: 118, key: 'Am' }`. */
export type ConditionValues = { readonly [kind in ConditionKind]?: string | number };

/** Kinds whose values are numbers on a scale; the nearest class stands for a value. */
const CLASSES: Partial<Record<ConditionKind, readonly number[]>> = {
  /** Quarters a minute. */
  tempo: [30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 180, 200, 240],
  /** Notes a second. */
  density: [0.5, 0.7, 1, 1.4, 2, 2.8, 4, 5.6, 8, 11, 16, 22, 32],
};

const LONGEST_VALUE = 80;

/** The token of a value: `key=C minor`, `tempo=120`. No scheme has tokens with an equals sign. */
export function conditionToken(kind: ConditionKind, value: string | number): string {
  return `${kind}=${normalise(kind, value)}`;
}

/** Kind and value of a condition token, undefined for any other token. */
export function parseConditionToken(token: string): { kind: ConditionKind; value: string } | undefined {
  const at = token.indexOf('=');
  if (at < 0) return undefined;
  const kind = CONDITION_KINDS.find((known) => known === token.slice(0, at));
  return kind === undefined ? undefined : { kind, value: token.slice(at + 1) };
}

/** Whether values of this kind are numbers, so that the nearest known one can stand for another. */
export function isNumeric(kind: ConditionKind): boolean {
  return CLASSES[kind] !== undefined;
}

/** The number of `candidates` that is nearest to `value` by ratio. */
export function nearest(candidates: readonly number[], value: number): number {
  const distance = (candidate: number): number => Math.abs(Math.log(candidate / value));
  return candidates.reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best));
}

function normalise(kind: ConditionKind, value: string | number): string {
  const classes = CLASSES[kind];
  if (classes !== undefined) return String(nearest(classes, positiveNumber(kind, value)));
  return kind === 'key' ? normaliseKey(String(value)) : normaliseText(kind, String(value));
}

/** A tempo or density as a number. @throws TokenizerError RONDO_CONDITION_VALUE. */
export function positiveNumber(kind: ConditionKind, value: string | number): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw wrong(`the condition ${kind} takes a number above 0, not "${value}"`);
}

/** `Am`, `a minor`, `Bb`, `c# min` → `A minor`, `Bb major`, `C# minor`, in the spelling of `keyName`. */
function normaliseKey(text: string): string {
  const match = /^\s*([a-g])(#|b|♯|♭)?\s*(m|min|minor|maj|major)?\s*$/i.exec(text);
  if (match === null) throw wrong(`the condition key takes a key such as "C minor" or "Bb major", not "${text}"`);
  const [, letter, accidental = '', quality = 'major'] = match;
  // "M" alone would be major where "m" is minor; the pattern's flag hides it.
  const mode = quality !== 'M' && /^m(in(or)?)?$/i.test(quality) ? 'minor' : 'major';
  const natural = { C: 0, D: 2, E: 4, F: -1, G: 1, A: 3, B: 5 }[letter.toUpperCase()] as number;
  const sharps = accidental === '' ? 0 : /[#♯]/.test(accidental) ? 7 : -7;
  return keyName({ fifths: foldFifths(natural + sharps - (mode === 'minor' ? 3 : 0)), mode });
}

/** Of enharmonic keys the one with -5 to 6 sharps, as `findKey` names them. */
function foldFifths(fifths: number): number {
  return ((((fifths + 5) % 12) + 12) % 12) - 5;
}

/** A written key after a transposition. */
export function transposeKey(key: string, semitones: number): string {
  const [tonic, mode] = normaliseKey(key).split(' ') as [string, 'major' | 'minor'];
  for (let fifths = -5; fifths <= 6; fifths += 1) {
    if (keyName({ fifths, mode }) === `${tonic} ${mode}`)
      return keyName({ fifths: foldFifths(fifths + 7 * semitones), mode });
  }
  return key;
}

/** Upper and lower case, spaces and Unicode forms do not tell values apart. */
function normaliseText(kind: ConditionKind, text: string): string {
  const plain = text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
  if (plain === '') throw wrong(`the condition ${kind} takes a name, not an empty text`);
  return [...plain].slice(0, LONGEST_VALUE).join('');
}

function wrong(message: string): TokenizerError {
  return new TokenizerError('RONDO_CONDITION_VALUE', message);
}
