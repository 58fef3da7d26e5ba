import type { Argv } from 'yargs';
import { withEngineOptions, type EngineOptions } from '../options/engine-options.js';
import { withWeightPrecision, type PrecisionOption } from '../options/weight-precision.js';
import { checkRanges } from './generate-ranges.js';
import { steeringOptions, type SteeringCommandOptions } from './steering-options.js';

/** The options of `rondo generate`. */
export interface GenerateCommandOptions extends EngineOptions, PrecisionOption, SteeringCommandOptions {
  model: string;
  out: string;
  count: number;
  length?: number;
  bars?: number;
  seconds?: number;
  minLength?: number;
  temperature?: string;
  noRepeat?: number;
  style?: number;
  beam?: number;
  bestOf?: number;
  topK?: number;
  topP?: number;
  minP?: number;
  argmax?: boolean;
  repetitionPenalty?: number;
  prime?: string;
  primeIds?: string;
  condition?: string;
  primeTokens?: number;
  includePrime?: boolean;
  escapeLoops?: boolean;
  grammar?: boolean;
  training?: string;
  seed: number;
  wav: boolean;
  png: boolean;
  svg: boolean;
  soundFont?: string;
}

export function withGenerateOptions(yargs: Argv): Argv<GenerateCommandOptions> {
  const all = withEngineOptions(outputOptions(steeringOptions(samplingOptions(startOptions(yargs)))));
  return withWeightPrecision(all, 'Weights: bf16 and int8 read a half or a quarter of the bytes') as never;
}

function startOptions(yargs: Argv): Argv {
  return yargs
    .positional('model', { type: 'string', demandOption: true, describe: 'Model bundle, or a run (its best)' })
    .option('prime', { type: 'string', requiresArg: true, describe: 'MIDI file to go on from' })
    .option('prime-ids', { type: 'string', requiresArg: true, describe: 'JSON file with token ids to go on from' })
    .option('prime-tokens', {
      type: 'number',
      requiresArg: true,
      describe: 'How many of the last tokens the network reads',
    })
    .option('include-prime', { type: 'boolean', describe: 'Begin the piece with what it goes on from (default true)' })
    .option('condition', {
      type: 'string',
      requiresArg: true,
      describe: 'What the piece shall be, e.g. genre=folk,key=C major (a model of such data)',
    })
    .group(['condition', 'prime', 'prime-ids', 'prime-tokens', 'include-prime'], 'Start:');
}

/** Options of the group `Choice`, in the order in which help shows them. */
const LENGTHS = ['length', 'bars', 'seconds', 'min-length'];
const NARROWING = ['temperature', 'top-k', 'top-p', 'min-p', 'argmax'];
const LEADING = ['repetition-penalty', 'no-repeat', 'style', 'beam', 'best-of', 'escape-loops', 'grammar', 'seed'];

function samplingOptions(yargs: Argv): Argv {
  return leadingOptions(narrowingOptions(lengthOptions(yargs)))
    .check(checkRanges)
    .conflicts('argmax', ['temperature', 'top-k', 'top-p', 'min-p', 'beam'])
    .conflicts('beam', ['temperature', 'top-k', 'top-p', 'min-p', 'best-of'])
    .group([...LENGTHS, ...NARROWING, ...LEADING], 'Choice:');
}

function lengthOptions(yargs: Argv): Argv {
  return yargs
    .option('length', { type: 'number', requiresArg: true, describe: 'At most so many tokens' })
    .option('bars', { type: 'number', requiresArg: true, describe: 'So many bars' })
    .option('seconds', { type: 'number', requiresArg: true, describe: 'So many seconds' })
    .option('min-length', {
      type: 'number',
      requiresArg: true,
      describe: 'No end before so many tokens (0: it may end before --bars)',
    });
}

/** What is drawn from. */
function narrowingOptions(yargs: Argv): Argv {
  return yargs
    .option('temperature', {
      type: 'string',
      requiresArg: true,
      describe:
        'Below 1 safer, above 1 wilder, 0 as --argmax (default 1); over the piece: 0.8..1.2 or 0:0.8,0.5:1.3,1:0.8',
    })
    .option('top-k', { type: 'number', requiresArg: true, describe: 'Choose among the k likeliest tokens' })
    .option('top-p', {
      type: 'number',
      requiresArg: true,
      describe: 'Choose among the likeliest that make up this share',
    })
    .option('min-p', { type: 'number', requiresArg: true, describe: 'Drop tokens below this share of the likeliest' })
    .option('argmax', { type: 'boolean', describe: 'Always the likeliest token, as the tutorial does' });
}

/** What the piece so far, or a search, adds to the choice. */
function leadingOptions(yargs: Argv): Argv {
  return yargs
    .option('repetition-penalty', {
      type: 'number',
      requiresArg: true,
      describe: 'Above 1: recent pitches become less likely',
    })
    .option('no-repeat', { type: 'number', requiresArg: true, describe: 'No phrase of so many tokens comes twice' })
    .option('style', {
      type: 'number',
      requiresArg: true,
      describe: "Share of the prime's own pitches and intervals in the choice, 0..1",
    })
    .option('beam', {
      type: 'number',
      requiresArg: true,
      describe: 'Search for the likeliest piece among so many at a time',
    })
    .option('best-of', {
      type: 'number',
      requiresArg: true,
      describe: 'Make so many of each and keep the best, by likelihood and typical metrics',
    })
    .option('escape-loops', { type: 'boolean', describe: 'Lead out of endless repetition (default: unless --argmax)' })
    .option('grammar', { type: 'boolean', describe: "Only tokens that the scheme's grammar allows (default true)" })
    .option('seed', { type: 'number', requiresArg: true, default: 0, describe: 'The same seed gives the same pieces' });
}

function outputOptions(yargs: Argv): Argv {
  return yargs
    .option('out', { type: 'string', demandOption: true, requiresArg: true, describe: 'MIDI file to write' })
    .option('count', { type: 'number', requiresArg: true, default: 1, describe: 'Variations, numbered -1, -2, …' })
    .option('wav', { type: 'boolean', default: false, describe: 'Also the sound' })
    .option('sound-font', { type: 'string', requiresArg: true, describe: 'SoundFont (.sf2, .sf3) for the sound' })
    .option('png', { type: 'boolean', default: false, describe: 'Also the piano roll as PNG' })
    .option('svg', { type: 'boolean', default: false, describe: 'Also the piano roll as SVG' })
    .option('training', {
      type: 'string',
      requiresArg: true,
      describe: 'Dataset to search for the longest copied stretch',
    })
    .group(['out', 'count', 'wav', 'sound-font', 'png', 'svg', 'training'], 'Output:');
}
