import { GeneratorError } from '../errors.js';
import type { GenerateOptions } from '../options.js';

/** A piece in sections: `AABA`, `AA'BA'`. */
export interface FormWish {
  /** One letter a section. A letter comes again note for note; with an apostrophe its second half is new. */
  readonly form: string;
  /** Bars of a section. Default 8. */
  readonly bars?: number;
}

/** The names of the sections. @throws GeneratorError RONDO_GENERATOR_OPTION */
export function parseForm(form: string): string[] {
  const names = form.replace(/[\s’-]/g, (sign) => (sign === '’' ? "'" : '')).match(/[A-Za-z]'*/g) ?? [];
  if (names.length > 0 && names.length <= 1000 && names.join('').length === form.replace(/[\s-]/g, '').length)
    return names;
  throw formError(`form: expected letters such as AABA or AA'BA', not "${form}"`);
}

const LENGTH = 'a form is as long as its sections; give sectionBars instead';

/** What a form decides by itself, and what to do instead. */
const CLASHES = {
  bars: LENGTH,
  seconds: `${LENGTH}, and a tempo`,
  tokens: LENGTH,
  minTokens: LENGTH,
  ending: 'every section of a form ends on its bar line; leave it out',
  harmonise: 'a melody has a form of its own; leave out the form',
  accompany: 'the given piece has a form of its own; leave out the form',
} as const;

/** @throws GeneratorError RONDO_GENERATOR_OPTION */
export function refuseClashes(options: GenerateOptions): void {
  const names = Object.keys(CLASHES) as (keyof typeof CLASHES)[];
  const clash = names.find((name) => options[name] !== undefined);
  if (clash !== undefined) throw formError(`${clash}: ${CLASHES[clash]}`);
  if (options.prime !== undefined && options.includePrime === false)
    throw formError('includePrime: the prime is how the first section begins; leave it out');
  if (options.beam !== undefined && (options.count ?? 1) > 1)
    throw formError('beam: it finds one piece; leave out `count`');
}

export function formError(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_OPTION', message);
}
