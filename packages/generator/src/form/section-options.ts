import type { Score } from '@rondo/tokenizer';
import { partOf, scaled } from '../curves.js';
import type { GenerateOptions } from '../options.js';
import { prevailing } from './sections.js';

/** Every further try at a section is so much warmer. */
const WARMER = 1.1;

/** Bars of a formed piece that are to be made in one go. */
export interface Stretch {
  /** Number of the first one in the piece, from 0, and in its section. */
  readonly first: number;
  readonly offset: number;
  readonly bars: number;
  /** Bars of the whole piece. */
  readonly all: number;
  /** How often these bars were tried before. */
  readonly attempt: number;
}

/** The wishes for a whole piece as they are for some bars of it. */
export function stretchOptions(options: GenerateOptions, stretch: Stretch): GenerateOptions {
  return {
    ...options,
    ...chordsOf(options, stretch),
    ...densityOf(options, stretch),
    ...temperatureOf(options, stretch),
    count: 1,
    bars: stretch.bars,
    ending: 'proper',
  };
}

/** Chords go on where the kept bars of a section stop. */
function chordsOf({ chords }: GenerateOptions, { offset }: Stretch): Pick<GenerateOptions, 'chords'> {
  if (chords === undefined || offset === 0) return {};
  const bars = chords.includes('|')
    ? chords.split('|').filter((bar) => bar.trim() !== '')
    : chords.trim().split(/[\s,]+/);
  const by = offset % bars.length;
  return { chords: `${[...bars.slice(by), ...bars.slice(0, by)].join(' | ')} |` };
}

function densityOf({ density }: GenerateOptions, { first, bars, all }: Stretch): Pick<GenerateOptions, 'density'> {
  const last = Math.max(1, all - 1); // densities are those of bars
  return density === undefined ? {} : { density: partOf(density, first / last, (first + bars - 1) / last) };
}

function temperatureOf(options: GenerateOptions, { first, bars, all, attempt }: Stretch): GenerateOptions {
  const { temperature = attempt > 0 ? 1 : undefined } = options;
  if (temperature === undefined) return {};
  return { temperature: scaled(partOf(temperature, first / all, (first + bars) / all), WARMER ** attempt) };
}

/** Meter and tempo of what stands first, where nothing else was asked for. */
export function mannerOf(
  { timeSignatures, tempos, endTick }: Score,
  options: GenerateOptions,
  scheme: string,
): Pick<GenerateOptions, 'meter' | 'tempo'> {
  if (scheme === 'performance') return {};
  const [meter, tempo] = [prevailing(timeSignatures, endTick), prevailing(tempos, endTick)];
  return {
    meter: options.meter ?? (meter && `${meter.numerator}/${meter.denominator}`),
    tempo: options.tempo ?? (scheme === 'remi' ? tempo && 60e6 / tempo.microsecondsPerQuarter : undefined),
  };
}
