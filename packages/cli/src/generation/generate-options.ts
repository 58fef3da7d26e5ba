import type { GenerateOptions, Prime } from '@rondo/generator';
import type { Tokenizer } from '@rondo/tokenizer';
import type { Argv } from 'yargs';
import { readIdRow } from '../models/read-ids.js';
import { readScore } from '../models/read-scores.js';
import { parseConditionValues } from '../options/condition-options.js';
import { withEngineOptions, type EngineOptions } from '../options/engine-options.js';
import { requireNumber } from '../options/ranges.js';
import { UsageError } from '../terminal/exit-codes.js';
import type { Output } from '../terminal/output.js';

/** The options of `rondo generate`. */
export interface GenerateCommandOptions extends EngineOptions {
  model: string;
  out: string;
  count: number;
  length?: number;
  bars?: number;
  seconds?: number;
  minLength?: number;
  temperature?: number;
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
  return withEngineOptions(outputOptions(samplingOptions(startOptions(yargs)))) as never;
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

function samplingOptions(yargs: Argv): Argv {
  return yargs
    .option('length', { type: 'number', requiresArg: true, describe: 'At most so many tokens' })
    .option('bars', { type: 'number', requiresArg: true, describe: 'So many bars' })
    .option('seconds', { type: 'number', requiresArg: true, describe: 'So many seconds' })
    .option('min-length', {
      type: 'number',
      requiresArg: true,
      describe: 'No end before so many tokens (0: it may end before --bars)',
    })
    .option('temperature', {
      type: 'number',
      requiresArg: true,
      describe: 'Below 1 safer, above 1 wilder, 0 as --argmax (default 1)',
    })
    .option('top-k', { type: 'number', requiresArg: true, describe: 'Choose among the k likeliest tokens' })
    .option('top-p', {
      type: 'number',
      requiresArg: true,
      describe: 'Choose among the likeliest that make up this share',
    })
    .option('min-p', { type: 'number', requiresArg: true, describe: 'Drop tokens below this share of the likeliest' })
    .option('argmax', { type: 'boolean', describe: 'Always the likeliest token, as the tutorial does' })
    .option('repetition-penalty', {
      type: 'number',
      requiresArg: true,
      describe: 'Above 1: recent tokens become less likely',
    })
    .option('escape-loops', { type: 'boolean', describe: 'Lead out of endless repetition (default: unless --argmax)' })
    .option('grammar', { type: 'boolean', describe: "Only tokens that the scheme's grammar allows (default true)" })
    .option('seed', { type: 'number', requiresArg: true, default: 0, describe: 'The same seed gives the same pieces' })
    .check(({ length, minLength }) => {
      requireNumber('length', length as number | undefined, { min: 1, integer: true });
      requireNumber('min-length', minLength as number | undefined, { min: 0, max: length as number, integer: true });
      return true;
    })
    .conflicts('argmax', ['temperature', 'top-k', 'top-p', 'min-p'])
    .group(
      [
        'length',
        'bars',
        'seconds',
        'min-length',
        'temperature',
        'top-k',
        'top-p',
        'min-p',
        'argmax',
        'repetition-penalty',
        'escape-loops',
        'grammar',
        'seed',
      ],
      'Choice:',
    );
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

/** What the library is asked for. @throws UsageError for options that clash */
export function libraryOptions(options: GenerateCommandOptions, tokenizer: Tokenizer, output: Output): GenerateOptions {
  const { count, seed, bars, seconds, temperature, topK, topP, minP, argmax, repetitionPenalty } = options;
  return {
    count,
    seed,
    tokens: options.length,
    bars,
    seconds,
    minTokens: options.minLength,
    temperature,
    topK,
    topP,
    minP,
    argmax,
    repetitionPenalty,
    prime: primeOf(options, tokenizer, output),
    primeTokens: options.primeTokens,
    includePrime: options.includePrime,
    escapeLoops: options.escapeLoops,
    grammar: options.grammar,
  };
}

function primeOf(
  { prime, primeIds, condition }: GenerateCommandOptions,
  tokenizer: Tokenizer,
  output: Output,
): Prime | undefined {
  if ([prime, primeIds, condition].filter((start) => start !== undefined).length > 1)
    throw new UsageError('give one of --prime, --prime-ids and --condition');
  if (condition !== undefined) return { ids: tokenizer.conditionPrefix(parseConditionValues(condition)) };
  if (prime !== undefined) return { score: readScore(prime, output) };
  return primeIds === undefined ? undefined : { ids: readIdRow(primeIds) };
}
