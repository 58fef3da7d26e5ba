import { WEIGHT_PRECISIONS } from '@rondo/core-native';
import type { Score } from '@rondo/tokenizer';
import { z } from 'zod';
import { expectation, GeneratorError } from './errors.js';
import type { Prime } from './options.js';

/** Bound of a piece, in tokens: days of music. */
export const MOST_TOKENS = 10_000_000;

/** A schema whose complaint is what was expected, in plain words. */
function expecting<Value>(schema: z.ZodType<Value>, what: string) {
  return z.custom<Value>((value) => schema.safeParse(value).success, what);
}

const whole = (from: number, to = Number.MAX_SAFE_INTEGER) =>
  expecting(
    z.int().min(from).max(to),
    `a whole number from ${from} ${to === Number.MAX_SAFE_INTEGER ? 'up' : `to ${to}`}`,
  );
const number = (from: number, to: number) => expecting(z.number().min(from).max(to), `a number from ${from} to ${to}`);
const share = expecting(z.number().gt(0).max(1), 'a number above 0 and up to 1');
const point = z.tuple([z.number().min(0).max(1), z.number().min(0)]);
const curve = expecting(
  z.union([z.number().min(0).max(100), z.array(point).min(1).readonly()]),
  'a number from 0 to 100, or points [place 0 … 1, value]',
);
const score = z.custom<Score>((value) => typeof value === 'object' && value !== null, 'a score');
const flag = expecting(z.boolean(), 'true or false');
const text = expecting(z.string(), 'a text');

const schema = z.strictObject({
  seed: whole(0).default(0),
  count: whole(1, 4096).default(1),
  tokens: whole(1, MOST_TOKENS).optional(),
  bars: whole(1, 100_000).optional(),
  seconds: expecting(z.number().positive().max(1_000_000), 'a number above 0 and up to 1000000').optional(),
  minTokens: whole(0).optional(),
  argmax: flag.optional(),
  temperature: curve.optional(),
  topK: whole(1).optional(),
  topP: share.optional(),
  minP: share.optional(),
  repetitionPenalty: number(1, 1000).default(1),
  repetitionWindow: whole(1).default(64),
  noRepeat: whole(2, 1000).optional(),
  style: number(0, 1).default(0),
  beam: whole(1, 256).optional(),
  bestOf: whole(1, 1000).default(1),
  key: text.optional(),
  chords: text.optional(),
  range: text.optional(),
  polyphony: whole(1, 128).optional(),
  density: curve.optional(),
  instruments: text.optional(),
  meter: text.optional(),
  tempo: number(10, 1000).optional(),
  harmonise: score.optional(),
  accompany: score.optional(),
  ending: expecting(z.enum(['proper', 'cut']), 'proper or cut').optional(),
  prime: z.custom<Prime>(isPrime, '{ score }, { ids }, { seed } or "start"').optional(),
  primeTokens: whole(1).optional(),
  includePrime: flag.optional(),
  escapeLoops: flag.optional(),
  grammar: flag.default(true),
  precision: expecting(z.enum(WEIGHT_PRECISIONS), WEIGHT_PRECISIONS.join(', ')).default('fp32'),
});

/** Options that are known and within their ranges, with the defaults that depend on nothing else. */
export type CheckedOptions = z.output<typeof schema>;

/** @throws GeneratorError `RONDO_GENERATOR_OPTION`: the option as the library names it, what was expected and what came */
export function checkOptions(options: object): CheckedOptions {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const message = result.error.issues.map((issue) => complaint(issue, options)).join('; ');
  throw new GeneratorError('RONDO_GENERATOR_OPTION', message, { cause: result.error });
}

function complaint(issue: z.core.$ZodIssue, options: object): string {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    return `unknown option ${issue.keys.join(', ')}; there are: ${known}`;
  }
  const name = String(issue.path[0]);
  return expectation(name, issue.message, (options as Record<string, unknown>)[name]);
}

function isPrime(value: unknown): boolean {
  if (value === 'start') return true;
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return false;
  if ('seed' in value)
    return value.seed === 'random' || (Number.isSafeInteger(value.seed) && (value.seed as number) >= 0);
  if ('ids' in value) return Array.isArray(value.ids) || ArrayBuffer.isView(value.ids);
  return 'score' in value && typeof value.score === 'object' && value.score !== null;
}
