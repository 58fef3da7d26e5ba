import { type ConditionValues, INSTRUMENT_FAMILIES, instrumentNames, partOf, type Track } from '@rondo/tokenizer';
import { GeneratorError } from '../errors.js';

/** The group of percussion; the others are General MIDI programs. */
export const DRUMS = 128;

/** One of the instruments asked for. */
export interface Instrument {
  /** As it was written. */
  readonly name: string;
  /** Programs 0 … 127 and `DRUMS` that it stands for. */
  readonly groups: readonly number[];
  /** Whether it has to play; if not (`drums?`), it may. */
  readonly plays: boolean;
}

/** An instrument that plays is never silent for so many bars on end. */
export const REST_BARS = 4;

/**
 * The instruments of a list such as `violin, bass, drums?, 40`: a number, a General MIDI name or the names that hold the
 * word, a family (its eight; see `players`), or `drums`. A question mark stands behind those that need not play.
 * @throws GeneratorError RONDO_GENERATOR_OPTION
 */
export function parseInstruments(text: string): Instrument[] {
  const words = text.split(',').map((word) => word.trim().toLowerCase()).filter(Boolean); // prettier-ignore
  if (words.length === 0) throw wrong('instruments: expected names such as "violin, cello, drums", got nothing');
  return words.map((word) => {
    const name = word.replace(/\s*\?$/, '');
    return { name, groups: parseInstrument(name), plays: name === word };
  });
}

function parseInstrument(word: string): number[] {
  if (/^(drums?|percussion)$/.test(word)) return [DRUMS];
  if (/^\d+$/.test(word) && Number(word) < 128) return [Number(word)];
  const names = instrumentNames();
  const exact = names.indexOf(word);
  if (exact >= 0) return [exact];
  const family = INSTRUMENT_FAMILIES.indexOf(word as (typeof INSTRUMENT_FAMILIES)[number]);
  if (family >= 0) return Array.from({ length: 8 }, (_, i) => family * 8 + i);
  const like = names.flatMap((name, program) => (name.includes(word) ? [program] : []));
  if (like.length > 0) return like;
  throw wrong(
    `instruments: "${word}" is no General MIDI name, family or number; try "piano", "violin", "bass", "drums"`,
  );
}

/** Families of which one instrument plays: a bass line goes not from one bass to another. */
const SOLO = (['piano', 'organ', 'guitar', 'bass'] as const).map((family) => INSTRUMENT_FAMILIES.indexOf(family));

/** Groups of each instrument that plays, by those that are known. */
export function ensembleOf(instruments: readonly Instrument[], known: readonly number[]): number[][] {
  return instruments.map(({ groups }) => players(new Set(groups), known));
}

/**
 * Those of the wanted groups that play. Of a whole family of pianos, organs, guitars or basses it is the first one that is
 * known; of other families, such as strings, all that are.
 */
function players(wanted: ReadonlySet<number>, known: readonly number[]): number[] {
  const able = known.filter((group) => wanted.has(group));
  const isWhole = (family: number) =>
    Array.from({ length: 8 }, (_, i) => family * 8 + i).every((one) => wanted.has(one));
  const solo = new Set(SOLO.filter(isWhole));
  const family = (group: number) => Math.floor(group / 8);
  return able.filter((group, i) => !solo.has(family(group)) || i === 0 || family(able[i - 1]) !== family(group));
}

/**
 * How music of these groups begins by itself: said to be one part alone, where all are of one that the model knows so
 * (`known`, from `prepare --alone`).
 */
export function aloneWish(groups: readonly number[], known: readonly string[]): ConditionValues {
  const part = (group: number) => partOf({ program: group, isDrum: group === DRUMS });
  const alone = known.find((name) => groups.every((group) => part(group) === name));
  return alone === undefined ? {} : { alone };
}

/** The group of a track. */
export function groupOf({ isDrum, program }: Pick<Track, 'isDrum' | 'program'>): number {
  return isDrum ? DRUMS : program;
}

/** What a group is called: `violin`, `drums`. */
export function groupName(group: number): string {
  return group === DRUMS ? 'drums' : instrumentNames()[group];
}

function wrong(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_OPTION', message);
}
