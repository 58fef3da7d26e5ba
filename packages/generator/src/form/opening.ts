import type { Bundle } from '@rondo/checkpoint';
import { BarMap, cutBars, type Score, type Tokenizer } from '@rondo/tokenizer';
import { withPrimeKey } from '../music/prime-key.js';
import { lastOnset } from '../music/score-time.js';
import { type GenerateOptions, planGeneration, type Prime } from '../options.js';
import { startOf } from '../prime.js';
import { formError } from './wish.js';

/** What a formed piece begins with. */
export interface Opening {
  /** The first bars of the first section, in the resolution of the tokens; undefined where all of it is new. */
  readonly head?: Score;
  /** Whole bars of `head`, 0 without it. */
  readonly bars: number;
  /** What the network reads where nothing has been written yet. */
  readonly start: Prime | undefined;
  /** Ids that say what the piece shall be. */
  readonly conditions: readonly number[];
}

/**
 * A prime of music begins the first section: its bars up to the last onset, as the tokens keep them.
 * @param bars of a section
 * @throws GeneratorError RONDO_GENERATOR_OPTION for a prime that is longer than a section, RONDO_GENERATOR_PRIME
 */
export function openingOf(bundle: Bundle, { prime, seed }: GenerateOptions, bars: number): Opening {
  const free = { bars: 0, start: prime, conditions: [] };
  if (typeof prime !== 'object' || 'seed' in prime) return free;
  const { tokenizer } = bundle;
  const { piece } = startOf(bundle, planGeneration({ prime, seed }, bundle), 0);
  const conditions = Array.from(piece).filter((id) => tokenizer.isCondition(id));
  const score = withPrimeKey(tokenizer.decode(piece), prime, tokenizer);
  const onset = lastOnset(score);
  if (onset < 0) return { ...free, conditions };
  const length = new BarMap(score).indexAt(onset) + 1;
  if (length > bars) {
    const instead = `make the sections as long (sectionBars ${length}) or give a shorter one`;
    throw formError(`prime: it begins section A, which has ${bars} bars, and is ${length} bars long; ${instead}`);
  }
  return { head: wholeBars(score, length), bars: length, start: prime, conditions };
}

/** Bars `0` to `count`, silent at the end where nothing sounds. */
function wholeBars(score: Score, count: number): Score {
  return { ...cutBars(score, 0, count), endTick: new BarMap(score).bar(count).tick };
}

/** A piece as something to go on from, as what was asked for at its beginning. */
export function goingOn(score: Score, conditions: readonly number[], tokenizer: Tokenizer): Prime {
  if (conditions.length === 0) return { score };
  const { bos, eos } = tokenizer;
  const music = Array.from(tokenizer.encode(score)).filter((id) => id !== bos && id !== eos);
  return { ids: [...(bos === undefined ? [] : [bos]), ...conditions, ...music] };
}
