import type { Score } from '@rondo/tokenizer';
import { GeneratorError } from '../errors.js';
import { type Curve, valuesOf } from '../curves.js';
import { parseChords, parseKey, parseMeter, parseRange } from './harmony.js';
import { parseInstruments } from './instruments.js';
import { oneVoice } from './melody.js';
import type { Wishes } from './wishes.js';

/** What new music may be asked for, as it is written. */
export interface SteeringOptions {
  /** Key or scale of all pitched notes: `D dorian`, `C major`, `Am`. */
  key?: string;
  /** Chords by bar, again and again: `Am F C G`, `Am F | C | G`, roman numerals with a key: `I vi IV V7`. */
  chords?: string;
  /** Lowest and highest pitch: `C3..C6`, `48..84`. */
  range?: string;
  /** Most pitched notes that sound at once. */
  polyphony?: number;
  /** Notes of a bar, over the piece. */
  density?: Curve;
  /** Instruments of the new notes, which all play: `violin, cello, drums`, `bass`, `40`; `drums?` may play. */
  instruments?: string;
  /** `3/4`. */
  meter?: string;
  /** Quarters a minute. */
  tempo?: number;
  /** A melody (of several voices the highest) that stays as it is and gets alto, tenor and bass. */
  harmonise?: Score;
  /** A piece whose tracks stay as they are while `instruments` play along. */
  accompany?: Score;
  /** `proper`: exactly the bars or seconds asked for, ending on a bar line; `cut`: whatever it is then, cut there. */
  ending?: 'proper' | 'cut';
}

/** Bars of a piece of which only the manner was asked for. */
const USUAL_BARS = 16;

/** The wishes among the options; undefined where there are none. @throws GeneratorError RONDO_GENERATOR_OPTION */
export function parseWishes(options: SteeringOptions & { bars?: number; seconds?: number }): Wishes | undefined {
  const { polyphony, density, tempo, harmonise, accompany, ending, instruments } = options;
  const key = options.key === undefined ? undefined : parseKey(options.key);
  const manner: Wishes = {
    ...(key && { key }),
    ...(options.chords !== undefined && { chords: parseChords(options.chords, key) }),
    ...(options.range !== undefined && { range: parseRange(options.range) }),
    ...(polyphony !== undefined && { polyphony }),
    ...(density !== undefined && { density: checkDensity(density) }),
    ...(instruments !== undefined && { instruments: parseInstruments(instruments) }),
    ...(options.meter !== undefined && { meter: parseMeter(options.meter) }),
    ...(tempo !== undefined && { tempo }),
    ...(harmonise !== undefined && { melody: oneVoice(harmonise) }),
    ...(accompany !== undefined && { given: accompany }),
  };
  const asked = Object.keys(manner).length > 0;
  if (asked && ending === 'cut') throw wrong('ending: a piece that has to obey key, chords and the like cannot be cut');
  if (!asked && ending !== 'proper') return undefined;
  refuseClashes(manner, options);
  return { ...manner, ...lengthOf(options, asked, manner) };
}

function lengthOf(
  { bars, seconds }: { bars?: number; seconds?: number },
  asked: boolean,
  { melody, given }: Wishes,
): Pick<Wishes, 'bars' | 'seconds'> {
  if (melody !== undefined || given !== undefined) return {};
  if (bars !== undefined && seconds !== undefined)
    throw wrong('bars: an exact length is this or `seconds`; leave out one');
  if (seconds !== undefined) return { seconds };
  if (bars !== undefined) return { bars };
  return asked ? { bars: USUAL_BARS } : {};
}

function refuseClashes(wishes: Wishes, { bars, seconds }: { bars?: number; seconds?: number }): void {
  const { melody, given, instruments } = wishes;
  if (melody === undefined && given === undefined) return;
  const name = melody === undefined ? 'accompany' : 'harmonise';
  if (melody !== undefined && given !== undefined)
    throw wrong('harmonise: it cannot be met together with `accompany`; one at a time');
  if (bars !== undefined || seconds !== undefined)
    throw wrong(`${name}: the given piece decides the length; leave out \`bars\` and \`seconds\``);
  const own = (['meter', 'tempo'] as const).find((wish) => wishes[wish] !== undefined);
  if (own !== undefined) throw wrong(`${own}: the piece given with \`${name}\` has its own; leave it out`);
  if (given !== undefined && instruments === undefined)
    throw wrong('accompany: say who plays along, such as `instruments` "drums" or "bass"');
  const foreign = (['polyphony', 'density', 'range', 'instruments'] as const).find(
    (wish) => wishes[wish] !== undefined,
  );
  if (melody !== undefined && foreign !== undefined) throw wrong(`harmonise: alto, tenor and bass have their own ranges and number; leave out \`${foreign}\``); // prettier-ignore
}

function checkDensity(density: Curve): Curve {
  if (valuesOf(density).every((notes) => notes >= 1 && notes <= 200)) return density;
  throw wrong('density: expected 1 to 200 notes a bar');
}

function wrong(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_OPTION', message);
}
