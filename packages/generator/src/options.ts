import type { Bundle } from '@rondo/checkpoint';
import type { WeightPrecision } from '@rondo/core-native';
import type { Score } from '@rondo/tokenizer';
import { type Curve, valuesOf } from './curves.js';
import { GeneratorError } from './errors.js';
import { type CheckedOptions, checkOptions, MOST_TOKENS } from './option-schema.js';
import type { SamplingOptions } from './sampling/sampler.js';
import { parseWishes, type SteeringOptions } from './steering/parse.js';
import type { Wishes } from './steering/wishes.js';

/** What a piece goes on from. */
export type Prime =
  | { score: Score } // a piece: it is continued
  | { ids: ArrayLike<number> } // the same as ids
  | { seed: number | 'random' } // a window of the training data that the model carries; it is not part of the result
  | 'start'; // the beginning of a piece

/** What to generate. Every field has a default. */
export interface GenerateOptions extends Omit<SamplingOptions, 'temperature' | 'minP'>, SteeringOptions {
  /**
   * Only tokens at least this share as likely as the likeliest one, 0 … 1. Default: none, or 0.02 for networks that are told
   * of strains (preset `nottingham`) and 0.1 for those told of bars (`band`), where neither `topK` nor `topP` is given.
   */
  minP?: number;
  /** ≥ 0, or a curve over the piece; 0 throughout is the same as `argmax`. Default 1. */
  temperature?: Curve;
  /** Integer 0 … 2⁵³ − 1. The same seed gives the same music. Default 0. */
  seed?: number;
  /** Variations; number i is the same whatever the count. Default 1. */
  count?: number;
  /** Ends after this many new tokens. Default: 500 for models of objective `last`, else 2048, or a bound for bars and seconds. */
  tokens?: number;
  /** Ends after this many new bars. */
  bars?: number;
  /** Ends after this many new seconds. */
  seconds?: number;
  /** The piece may not end by itself before this many new tokens. Default: 0, or not at all before the bars or seconds asked for. */
  minTokens?: number;
  /** Divides the probability of pitches that were among the last `repetitionWindow` tokens, ≥ 1. Default 1: off. */
  repetitionPenalty?: number;
  /** Default 64. */
  repetitionWindow?: number;
  /** No phrase of so many tokens comes a second time, ≥ 2. Default: off. */
  noRepeat?: number;
  /**
   * Style of the prime, 0 … 1: this share of the choice of pitches is made by how often the prime has each pitch and each
   * interval from the note before. Default 0: the model alone.
   */
  style?: number;
  /** Search for the likeliest piece among so many at a time, instead of drawing; of one variation. */
  beam?: number;
  /** Pieces of which each variation is the best, by likelihood and by what is typical of the model's music. Default 1. */
  bestOf?: number;
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
  /**
   * The weights as trained (fp32), or a rounded copy of which every token reads half (bf16) or a quarter (int8) of the
   * bytes. For models of objective `all` on the CPU. Default fp32.
   */
  precision?: WeightPrecision;
}

/** The options with everything decided. */
export interface Plan
  extends Required<
    Omit<
      GenerateOptions,
      'topK' | 'topP' | 'minP' | 'bars' | 'seconds' | 'primeTokens' | 'noRepeat' | 'beam' | keyof SteeringOptions
    >
  > {
  topK: number | undefined;
  topP: number | undefined;
  minP: number | undefined;
  bars: number | undefined;
  seconds: number | undefined;
  primeTokens: number | undefined;
  noRepeat: number | undefined;
  beam: number | undefined;
  /** What the new music has to obey; undefined where it is free. */
  wishes: Wishes | undefined;
}

/** The tutorial's program writes this many notes. */
const TUTORIAL_TOKENS = 500;
/** New tokens at most where nothing is said; most pieces end before, by themselves. */
const DEFAULT_TOKENS = 2048;
/** More tokens than music of a bar or second has; the bound for a model that never gets there. */
const TOKENS_PER_BAR = 512;
const TOKENS_PER_SECOND = 256;
/**
 * Share of the likeliest token below which networks draw none that are told, by an input of this name, what stood at the same
 * place before. They say a strain, or a bar, again to the note, and one token in a hundred that slips would end that.
 */
const TOLD_MIN_P: Readonly<Record<string, number>> = { strain: 0.02, bar1: 0.1 };

/**
 * Checks the options and decides what they leave open, from the kind of model.
 * @throws GeneratorError `RONDO_GENERATOR_OPTION`
 */
export function planGeneration(options: GenerateOptions, { config, tokenizer, seeds, network }: Bundle): Plan {
  const data = checkOptions(options);
  // A search has no use for a piece that is cut somewhere.
  const wishes = parseWishes(data.beam === undefined || data.bars === undefined ? data : { ending: 'proper', ...data });
  if (wishes !== undefined && !data.grammar) throw wrong('grammar: key, chords, lengths and the like need it');
  refuseSampling(data);
  const argmax = isZero(data.temperature) || (data.argmax ?? isTutorialsWay(config.preset, data));
  const windowed = tokenizer.bos === undefined || (config.objective === 'last' && seeds.length > 0);
  const prime = data.prime ?? (windowed ? { seed: 'random' as const } : 'start');
  const continues = typeof prime === 'object' && ('score' in prime || 'ids' in prime);
  const tokens = data.tokens ?? defaultTokens(wishes ?? data, config.objective);
  const hasLength = data.bars !== undefined || data.seconds !== undefined;
  return {
    ...data,
    wishes,
    argmax,
    temperature: data.temperature ?? 1,
    topK: data.topK,
    topP: data.topP,
    minP: data.minP ?? (isNarrowed(data) ? undefined : minPOf(network)),
    tokens,
    minTokens: data.minTokens ?? (hasLength ? tokens : 0),
    bars: data.bars,
    seconds: data.seconds,
    prime,
    noRepeat: data.noRepeat,
    beam: data.beam,
    primeTokens: data.primeTokens ?? (config.objective === 'last' ? config.sequence : undefined),
    includePrime: data.includePrime ?? (continues || prime === 'start'),
    escapeLoops: data.escapeLoops ?? !(argmax || data.beam !== undefined),
  };
}

function minPOf({ spec }: Bundle['network']): number | undefined {
  return spec.inputs.map(({ name }) => TOLD_MIN_P[name]).find((share) => share !== undefined);
}

function isNarrowed({ topK, topP }: CheckedOptions): boolean {
  return topK !== undefined || topP !== undefined;
}

function isZero(temperature: Curve | undefined): boolean {
  return temperature !== undefined && valuesOf(temperature).every((value) => value === 0);
}

function refuseSampling({ beam, bestOf, count, style, prime }: CheckedOptions): void {
  if (beam !== undefined && (bestOf > 1 || count > 1))
    throw wrong('beam: it finds one piece; leave out `count` and `bestOf`');
  const music = typeof prime === 'object' && ('score' in prime || 'ids' in prime);
  if (style > 0 && !music) throw wrong('style: it is the style of a prime; give one');
}

function wrong(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_OPTION', message);
}

/** Models of the tutorial speak as its own program makes them: the likeliest token, unless something else is asked for. */
function isTutorialsWay(
  preset: string,
  asked: Omit<SamplingOptions, 'temperature'> & { temperature?: Curve },
): boolean {
  const freely = [asked.temperature, asked.topK, asked.topP, asked.minP].some((value) => value !== undefined);
  return preset.startsWith('tutorial') && !freely;
}

function defaultTokens(asked: Wishes | GenerateOptions, objective: 'all' | 'last'): number {
  const { bars, seconds } = asked;
  if ('melody' in asked || 'given' in asked) return MOST_TOKENS;
  const bounds = [
    ...(bars === undefined ? [] : [bars * TOKENS_PER_BAR]),
    ...(seconds === undefined ? [] : [Math.ceil(seconds) * TOKENS_PER_SECOND]),
  ];
  if (bounds.length > 0) return Math.min(...bounds) + DEFAULT_TOKENS;
  return objective === 'last' ? TUTORIAL_TOKENS : DEFAULT_TOKENS;
}
