import type { Bundle } from '@rondo/checkpoint';
import type { Score } from '@rondo/tokenizer';
import { z } from 'zod';
import { GeneratorError } from './errors.js';
import type { SamplingOptions } from './sampling/sampler.js';

/** What a piece goes on from. */
export type Prime =
  | { score: Score } // a piece: it is continued
  | { ids: ArrayLike<number> } // the same as ids
  | { seed: number | 'random' } // a window of the training data that the model carries; it is not part of the result
  | 'start'; // the beginning of a piece

/** What to generate. Every field has a default. */
export interface GenerateOptions extends SamplingOptions {
  /** Integer 0 … 2⁵³ − 1. The same seed gives the same music. Default 0. */
  seed?: number;
  /** Variations; number i is the same whatever the count. Default 1. */
  count?: number;
  /** Ends after this many new tokens. Default: 500 for models of objective `last`, else 1024, or a bound for bars and seconds. */
  tokens?: number;
  /** Ends after this many new bars. */
  bars?: number;
  /** Ends after this many new seconds. */
  seconds?: number;
  /** The piece may not end by itself before this many new tokens. Default: 0, or not at all before the bars or seconds asked for. */
  minTokens?: number;
  /** Divides the probability of tokens that were among the last `repetitionWindow`, ≥ 1. Default 1: off. */
  repetitionPenalty?: number;
  /** Default 64. */
  repetitionWindow?: number;
  /** Where to start. Default: a random seed window for models of objective `last`, else the start of a piece. */
  prime?: Prime;
  /** How many of the prime's last tokens the network reads. Default: all (`last` models: their window). */
  primeTokens?: number;
  /** Whether the result contains the prime. Default: true for a score or ids. */
  includePrime?: boolean;
  /** Leads out of loops (see docs). Default: true when sampling, false for argmax. */
  escapeLoops?: boolean;
  /** Only tokens that the scheme's grammar allows. Default true. */
  grammar?: boolean;
}

/** The options with everything decided. */
export interface Plan
  extends Required<Omit<GenerateOptions, 'topK' | 'topP' | 'minP' | 'bars' | 'seconds' | 'primeTokens'>> {
  topK: number | undefined;
  topP: number | undefined;
  minP: number | undefined;
  bars: number | undefined;
  seconds: number | undefined;
  primeTokens: number | undefined;
}

const count = z.int().min(1);
const share = z.number().gt(0).max(1);
const schema = z.strictObject({
  seed: z.int().min(0).default(0),
  count: count.max(4096).default(1),
  tokens: count.max(10_000_000).optional(),
  bars: count.max(100_000).optional(),
  seconds: z.number().positive().max(1_000_000).optional(),
  minTokens: z.int().min(0).optional(),
  argmax: z.boolean().optional(),
  temperature: z.number().min(0).max(100).optional(),
  topK: count.optional(),
  topP: share.optional(),
  minP: share.optional(),
  repetitionPenalty: z.number().min(1).max(1000).default(1),
  repetitionWindow: count.default(64),
  prime: z.custom<Prime>(isPrime, 'expected {score}, {ids}, {seed} or "start"').optional(),
  primeTokens: count.optional(),
  includePrime: z.boolean().optional(),
  escapeLoops: z.boolean().optional(),
  grammar: z.boolean().default(true),
});

/** The tutorial's program writes this many notes. */
const TUTORIAL_TOKENS = 500;
const DEFAULT_TOKENS = 1024;
/** More tokens than music of a bar or second has; the bound for a model that never gets there. */
const TOKENS_PER_BAR = 512;
const TOKENS_PER_SECOND = 256;

/**
 * Checks the options and decides what they leave open, from the kind of model.
 * @throws GeneratorError `RONDO_GENERATOR_OPTION`
 */
export function planGeneration(options: GenerateOptions, { config, tokenizer, seeds }: Bundle): Plan {
  const result = schema.safeParse(options);
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    const where = path.length > 0 ? `option ${path.join('.')}: ` : 'options: ';
    throw new GeneratorError('RONDO_GENERATOR_OPTION', where + message, { cause: result.error });
  }
  const { data } = result;
  const argmax = data.temperature === 0 || (data.argmax ?? isTutorialsWay(config.preset, data));
  const windowed = tokenizer.bos === undefined || (config.objective === 'last' && seeds.length > 0);
  const prime = data.prime ?? (windowed ? { seed: 'random' as const } : 'start');
  const continues = typeof prime === 'object' && ('score' in prime || 'ids' in prime);
  const tokens = data.tokens ?? defaultTokens(data, config.objective);
  const hasLength = data.bars !== undefined || data.seconds !== undefined;
  return {
    ...data,
    argmax,
    temperature: data.temperature ?? 1,
    topK: data.topK,
    topP: data.topP,
    minP: data.minP,
    tokens,
    minTokens: data.minTokens ?? (hasLength ? tokens : 0),
    bars: data.bars,
    seconds: data.seconds,
    prime,
    primeTokens: data.primeTokens ?? (config.objective === 'last' ? config.sequence : undefined),
    includePrime: data.includePrime ?? (continues || prime === 'start'),
    escapeLoops: data.escapeLoops ?? !argmax,
  };
}

/** Models of the tutorial speak as its own program makes them: the likeliest token, unless something else is asked for. */
function isTutorialsWay(preset: string, asked: SamplingOptions): boolean {
  const freely = [asked.temperature, asked.topK, asked.topP, asked.minP].some((value) => value !== undefined);
  return preset.startsWith('tutorial') && !freely;
}

function defaultTokens({ bars, seconds }: GenerateOptions, objective: 'all' | 'last'): number {
  const bounds = [
    ...(bars === undefined ? [] : [bars * TOKENS_PER_BAR]),
    ...(seconds === undefined ? [] : [Math.ceil(seconds) * TOKENS_PER_SECOND]),
  ];
  if (bounds.length > 0) return Math.min(...bounds) + DEFAULT_TOKENS;
  return objective === 'last' ? TUTORIAL_TOKENS : DEFAULT_TOKENS;
}

function isPrime(value: unknown): boolean {
  if (value === 'start') return true;
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return false;
  if ('seed' in value)
    return value.seed === 'random' || (Number.isSafeInteger(value.seed) && (value.seed as number) >= 0);
  if ('ids' in value) return Array.isArray(value.ids) || ArrayBuffer.isView(value.ids);
  return 'score' in value && typeof value.score === 'object' && value.score !== null;
}
