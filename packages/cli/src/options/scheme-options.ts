import type { Argv } from 'yargs';
import { requireNumber } from './ranges.js';
import { UsageError } from '../terminal/exit-codes.js';

/** How music becomes tokens; what is undefined is left to the scheme's own default. */
export interface SchemeOptions {
  scheme: SchemeName;
  grid?: string;
  holds?: boolean;
  resolution?: number;
  velocities?: number;
  programs?: boolean;
  drums?: boolean;
  pedals?: boolean;
  timeStep?: number;
  sustain?: boolean;
  voicing?: boolean;
  durations?: boolean;
  rests?: boolean;
}

const schemes = ['remi', 'chord', 'performance', 'grid'] as const;
type SchemeName = (typeof schemes)[number];
type OptionName = Exclude<keyof SchemeOptions, 'scheme'>;

/** Which options a scheme has, and what the library calls them. */
const optionsOfScheme: Record<SchemeName, Partial<Record<OptionName, string>>> = {
  remi: {
    resolution: 'positionsPerQuarter',
    velocities: 'velocityBins',
    programs: 'programs',
    drums: 'drums',
    pedals: 'pedals',
  },
  chord: { voicing: 'voicing', durations: 'durations', rests: 'rests' },
  performance: { timeStep: 'step', velocities: 'velocityBins', sustain: 'sustain', pedals: 'pedals' },
  grid: { grid: 'grid', holds: 'holds' },
};

const optionNames = [
  ...new Set(Object.values(optionsOfScheme).flatMap((options) => Object.keys(options))),
] as OptionName[];

export function withSchemeOptions<T>(yargs: Argv<T>): Argv<T & SchemeOptions> {
  return yargs
    .option('scheme', {
      choices: schemes,
      default: 'remi',
      describe: 'How music becomes tokens (docs/tokens.md)',
    })
    .option('resolution', {
      type: 'number',
      requiresArg: true,
      describe: 'remi: positions per quarter note (default 12)',
    })
    .option('velocities', {
      type: 'number',
      requiresArg: true,
      describe: 'remi, performance: velocity levels, 0 for none (default 32)',
    })
    .option('programs', { type: 'boolean', describe: 'remi: tell instruments apart (default true)' })
    .option('drums', { type: 'boolean', describe: 'remi: keep percussion (default true)' })
    .option('pedals', { type: 'boolean', describe: 'remi, performance: the sustain pedal as tokens (default false)' })
    .option('time-step', {
      type: 'number',
      requiresArg: true,
      describe: 'performance: milliseconds of the shortest wait (default 10)',
    })
    .option('sustain', {
      type: 'boolean',
      describe: 'performance: the pedal lengthens notes (default true without --pedals)',
    })
    .option('voicing', { type: 'boolean', describe: 'chord: keep the exact pitches of a chord' })
    .option('durations', { type: 'boolean', describe: 'chord: durations as tokens' })
    .option('rests', { type: 'boolean', describe: 'chord: rests as tokens' })
    .option('grid', {
      type: 'string',
      requiresArg: true,
      describe: 'grid: length of a frame as a fraction of a whole note (default 1/16)',
    })
    .option('holds', { type: 'boolean', describe: 'grid: tell held notes from struck ones' })
    .group(['scheme', ...optionNames.map(kebab)], 'Tokens:') as unknown as Argv<T & SchemeOptions>;
}

/**
 * The scheme that the options describe, as the tokenizer takes it.
 * @throws UsageError for an option that belongs to another scheme
 */
export function schemeOf(options: SchemeOptions): { name: SchemeName; [option: string]: unknown } {
  requireNumber('resolution', options.resolution, { min: 1, max: 96, integer: true });
  requireNumber('velocities', options.velocities, { min: 0, max: 127, integer: true });
  const known = optionsOfScheme[options.scheme];
  const result: { name: SchemeName; [option: string]: unknown } = { name: options.scheme };
  for (const option of optionNames) {
    if (options[option] === undefined) continue;
    const name = known[option];
    if (name === undefined) throw new UsageError(`--${kebab(option)} is no option of the scheme ${options.scheme}`);
    result[name] = options[option];
  }
  return result;
}

/** An option as the user writes it. */
function kebab(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
