import { type GenerateOptions, parseCurve, type Prime, type SteeringOptions } from '@rondo/generator';
import type { Tokenizer } from '@rondo/tokenizer';
import { readIdRow } from '../models/read-ids.js';
import { readScore } from '../models/read-score.js';
import { parseConditionValues } from '../options/condition-options.js';
import { UsageError } from '../terminal/exit-codes.js';
import type { Output } from '../terminal/output.js';
import type { GenerateCommandOptions } from './generate-options.js';

/** What the library is asked for. @throws UsageError for options that clash */
export function libraryOptions(options: GenerateCommandOptions, tokenizer: Tokenizer, output: Output): GenerateOptions {
  const { count, seed, bars, seconds, temperature, topK, topP, minP, argmax, repetitionPenalty } = options;
  return {
    ...libraryWishes(options, output),
    noRepeat: options.noRepeat,
    style: options.style,
    beam: options.beam,
    bestOf: options.bestOf,
    count,
    seed,
    tokens: options.length,
    bars,
    seconds,
    minTokens: options.minLength,
    temperature: temperature === undefined ? undefined : parseCurve('temperature', String(temperature)),
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
    precision: options.precision,
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

/** The wishes as the library takes them. @throws GeneratorError for a curve that is none */
function libraryWishes(options: GenerateCommandOptions, output: Output): SteeringOptions {
  const { key, chords, range, polyphony, density, instruments, meter, tempo, harmonise, accompany } = options;
  const hasLength = options.bars !== undefined || options.seconds !== undefined;
  const free = options.grammar === false || options.minLength !== undefined || !hasLength;
  return {
    key,
    chords,
    range,
    polyphony,
    density: density === undefined ? undefined : parseCurve('density', String(density)),
    instruments,
    meter,
    tempo,
    harmonise: harmonise === undefined ? undefined : readScore(harmonise, output),
    accompany: accompany === undefined ? undefined : readScore(accompany, output),
    ending: free ? options.ending : (options.ending ?? 'proper'),
  };
}
