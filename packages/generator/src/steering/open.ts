import {
  type ChordConfig,
  type GridConfig,
  type PerformanceConfig,
  type SchemeName,
  Tokenizer,
  Vocabulary,
} from '@rondo/tokenizer';
import { GeneratorError } from '../errors.js';
import { ChordState, chordPlan } from './chord-path.js';
import { gridMelody } from './grid-melody.js';
import { gridPlan, GridState } from './grid-path.js';
import { MergedState, plainIds } from './merged-state.js';
import { SafePath, type PathState } from './path.js';
import { performancePlan, PerformanceState } from './performance-path.js';
import { openRemi } from './remi/open.js';
import { StepRuler } from './ruler.js';
import type { Wishes } from './wishes.js';

/** Bars of a performance, which knows none: two seconds, as its scores are written (4/4 at 120 quarters a minute). */
const PERFORMANCE_BAR_MS = 2000;

/**
 * The way of new music after the tokens of `piece` (BOS included, where the scheme has it).
 * @throws GeneratorError RONDO_GENERATOR_OPTION for a wish that has no meaning in the scheme, RONDO_GENERATOR_CONSTRAINT
 *   where no piece of this vocabulary fulfils them all
 */
export function openPath(tokenizer: Tokenizer, wishes: Wishes, piece: ArrayLike<number>): SafePath {
  refuseForeign(tokenizer.scheme.name, wishes);
  const cursor = tokenizer.grammarCursor();
  for (const id of Array.from(piece)) cursor.push(id);
  const path = new SafePath(cursor, openState(tokenizer, wishes, piece), tokenizer.eos);
  if (path.canFinish) return path;
  const conflict = conflictOf(wishes, (fewer) => canMeet(tokenizer, fewer, piece));
  const names = conflict.map((name) => `\`${NAMES[name] ?? name}\``);
  const message =
    names.length === 1
      ? `${names[0]} cannot be met with this model's tokens; loosen it.`
      : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} cannot be met together with this model's tokens; loosen one of them.`;
  throw new GeneratorError('RONDO_GENERATOR_CONSTRAINT', message);
}

/**
 * Of wishes that cannot be met together some that cannot either, while without any one of these they can. A length stays
 * while the others are tried (without one the way out might have no end), and is named where nothing else is in the way.
 */
function conflictOf(wishes: Wishes, canBeMet: (fewer: Wishes) => boolean): (keyof Wishes)[] {
  const [lengths, others] = [true, false].map((isLength) =>
    (Object.keys(wishes) as (keyof Wishes)[]).filter((name) => LENGTHS.includes(name) === isLength),
  );
  let kept = wishes;
  for (const name of others) {
    const fewer = { ...kept, [name]: undefined };
    if (!canBeMet(fewer)) kept = fewer;
  }
  const conflict = others.filter((name) => kept[name] !== undefined);
  return conflict.length > 0 ? conflict : lengths;
}

function canMeet(tokenizer: Tokenizer, wishes: Wishes, piece: ArrayLike<number>): boolean {
  const cursor = tokenizer.grammarCursor();
  for (const id of Array.from(piece)) cursor.push(id);
  try {
    return new SafePath(cursor, openState(tokenizer, wishes, piece), tokenizer.eos).canFinish;
  } catch (error) {
    if (error instanceof GeneratorError) return false;
    throw error;
  }
}

const FOREIGN: Readonly<Record<SchemeName, readonly (keyof Wishes)[]>> = {
  remi: [],
  grid: ['instruments', 'given'],
  chord: ['instruments', 'given', 'melody'],
  performance: ['instruments', 'given', 'melody', 'meter', 'tempo'],
};

const LENGTHS: readonly (keyof Wishes)[] = ['bars', 'seconds', 'melody', 'given'];

const NAMES: Partial<Record<keyof Wishes, string>> = {
  given: 'accompany',
  melody: 'harmonise',
};

function refuseForeign(scheme: SchemeName, wishes: Wishes): void {
  const foreign = FOREIGN[scheme].find((name) => wishes[name] !== undefined);
  if (foreign === undefined) return;
  const able = (Object.keys(FOREIGN) as SchemeName[]).filter((name) => !FOREIGN[name].includes(foreign));
  throw new GeneratorError(
    'RONDO_GENERATOR_OPTION',
    `${NAMES[foreign] ?? foreign}: the tokens of the scheme "${scheme}" do not tell it; take a model of ${able.join(' or ')}`,
  );
}

function openState(tokenizer: Tokenizer, wishes: Wishes, piece: ArrayLike<number>): PathState {
  if (tokenizer.merges.length === 0) return openPlain(tokenizer, wishes, piece);
  const { scheme, vocabulary, conditions } = tokenizer;
  const plain = plainIds(tokenizer);
  const names = vocabulary.tokens.filter((_, id) => plain[id].length === 1);
  const ids = Array.from(piece).flatMap((id) => plain[id]);
  return new MergedState(openPlain(new Tokenizer(scheme, new Vocabulary(names), conditions), wishes, ids), plain);
}

function openPlain(tokenizer: Tokenizer, wishes: Wishes, piece: ArrayLike<number>): PathState {
  const { config, name } = tokenizer.scheme;
  switch (name) {
    case 'remi':
      return openRemi(tokenizer, wishes, piece);
    case 'grid':
      return openGrid(tokenizer, wishes, piece, config as unknown as GridConfig);
    case 'chord':
      return openChord(tokenizer, wishes, piece, config as unknown as ChordConfig);
    case 'performance':
      return openPerformance(tokenizer, wishes, piece, config as unknown as PerformanceConfig);
  }
}

interface TimedState extends PathState {
  readonly time: number;
}

/** Makes the state twice: once to see where the prime ends, once with the bars that follow. */
function afterPrime<S extends TimedState>(piece: ArrayLike<number>, barSteps: number, make: (first: number) => S): S {
  const read = (state: S): S => {
    for (const id of Array.from(piece)) state.push(id);
    return state;
  };
  const { time } = read(make(0));
  return read(make(Math.ceil(time / barSteps) * barSteps));
}

function openGrid(tokenizer: Tokenizer, wishes: Wishes, piece: ArrayLike<number>, config: GridConfig): PathState {
  const [numerator, denominator] = config.grid.split('/').map(Number);
  const quarters = (4 * numerator) / denominator;
  const barSteps = stepsOfBar(wishes, quarters, `frames of ${config.grid}`);
  const { melody } = wishes;
  const bars = melody === undefined ? barsOf(wishes, barSteps * quarters, config.tempo) : undefined;
  const frames = melody === undefined ? undefined : gridMelody(melody, tokenizer);
  return afterPrime(piece, barSteps, (first) => {
    const ruler = new StepRuler(wishes, barSteps, first, bars, frames?.count);
    return new GridState(gridPlan(tokenizer, ruler, quarters, frames && ((pitches) => frames.under(ruler, pitches))));
  });
}

function openChord(tokenizer: Tokenizer, wishes: Wishes, piece: ArrayLike<number>, config: ChordConfig): PathState {
  const quarters = config.step;
  const barSteps = stepsOfBar(wishes, quarters, `steps of ${quarters} quarters`);
  const bars = barsOf(wishes, barSteps * quarters, 120);
  return afterPrime(piece, barSteps, (first) => {
    return new ChordState(chordPlan(tokenizer, new StepRuler(wishes, barSteps, first, bars), quarters));
  });
}

function openPerformance(
  tokenizer: Tokenizer,
  wishes: Wishes,
  piece: ArrayLike<number>,
  config: PerformanceConfig,
): PathState {
  const barSteps = Math.max(1, Math.round(PERFORMANCE_BAR_MS / config.step));
  const steps =
    wishes.seconds === undefined ? undefined : Math.max(1, Math.round((wishes.seconds * 1000) / config.step));
  const bars = wishes.bars ?? (steps === undefined ? undefined : Math.ceil(steps / barSteps));
  return afterPrime(piece, barSteps, (first) => {
    const ruler = new StepRuler(wishes, barSteps, first, bars, steps ?? (bars && bars * barSteps));
    return new PerformanceState(performancePlan(tokenizer, ruler));
  });
}

/** Steps of a bar of the meter asked for, or of 4/4. */
function stepsOfBar({ meter = { numerator: 4, denominator: 4 } }: Wishes, quarters: number, unit: string): number {
  const steps = (4 * meter.numerator) / meter.denominator / quarters;
  if (Number.isInteger(steps)) return steps;
  const message = `meter: a bar of ${meter.numerator}/${meter.denominator} is no whole number of ${unit}`;
  throw new GeneratorError('RONDO_GENERATOR_OPTION', message);
}

/** Seconds become whole bars; the tempo of the written music is then set so that they last as long as asked. */
function barsOf({ bars, seconds, tempo }: Wishes, barQuarters: number, usual: number): number | undefined {
  if (seconds === undefined) return bars;
  return Math.max(1, Math.round(seconds / (barQuarters * (60 / (tempo ?? usual)))));
}
