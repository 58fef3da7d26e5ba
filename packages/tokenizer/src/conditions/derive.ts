import { findKey } from '../analysis/key.js';
import type { Score } from '../score/score.js';
import { TempoMap } from '../score/tempo-map.js';
import { INSTRUMENT_FAMILIES } from '../table/instrument-families.js';
import {
  CONDITION_KINDS,
  conditionToken,
  positiveNumber,
  transposeKey,
  type ConditionKind,
  type ConditionValues,
} from './condition.js';

/** How a score differs from the piece that the given values were said of. */
export interface Variation {
  readonly transpose: number;
  /** Factor on all durations in seconds. */
  readonly stretch: number;
}

/**
 * The condition tokens of a score in their order. What is not given is taken from the music; genre and composer cannot
 * be heard, and a part is alone only where somebody took it out of a piece: without a value these are left out.
 * @throws TokenizerError RONDO_CONDITION_VALUE for a value that makes no sense.
 */
export function conditionTokens(
  kinds: readonly ConditionKind[],
  score: Score,
  given: ConditionValues = {},
  variation: Variation = { transpose: 0, stretch: 1 },
): string[] {
  return CONDITION_KINDS.filter((kind) => kinds.includes(kind)).flatMap((kind) => {
    const value = given[kind] === undefined ? derive(kind, score) : vary(kind, given[kind], variation);
    return value === undefined ? [] : [conditionToken(kind, value)];
  });
}

/** What the music itself says, undefined where it says nothing. */
function derive(kind: ConditionKind, score: Score): string | number | undefined {
  switch (kind) {
    case 'alone':
    case 'genre':
    case 'composer':
      return undefined;
    case 'instrument':
      return mainInstrument(score);
    case 'tempo':
      return meanTempo(score);
    case 'density':
      return noteDensity(score);
    case 'key':
      return findKey(score)?.name;
  }
}

function vary(kind: ConditionKind, value: string | number, { transpose, stretch }: Variation): string | number {
  if (kind === 'key') return transposeKey(String(value), transpose);
  if (kind === 'tempo' || kind === 'density') return positiveNumber(kind, value) / stretch;
  return value;
}

/** The family of pitched instruments that plays most notes; `drums` where there is percussion only. */
function mainInstrument(score: Score): string | undefined {
  const notes = INSTRUMENT_FAMILIES.map(() => 0);
  for (const track of score.tracks) if (!track.isDrum) notes[track.program >> 3] += track.notes.length;
  const most = Math.max(...notes);
  if (most > 0) return INSTRUMENT_FAMILIES[notes.indexOf(most)];
  return score.tracks.some((track) => track.notes.length > 0) ? 'drums' : undefined;
}

interface Extent {
  readonly notes: number;
  readonly firstTick: number;
  readonly lastTick: number;
}

function extentOf(score: Score): Extent {
  let [notes, firstTick, lastTick] = [0, Infinity, 0];
  for (const track of score.tracks) {
    notes += track.notes.length;
    for (const { tick, duration } of track.notes) {
      firstTick = Math.min(firstTick, tick);
      lastTick = Math.max(lastTick, tick + duration);
    }
  }
  return { notes, firstTick, lastTick };
}

/** Quarters a minute over the time that has notes. */
function meanTempo(score: Score): number | undefined {
  const { notes, firstTick, lastTick } = extentOf(score);
  if (notes === 0) return undefined;
  const clock = TempoMap.of(score);
  const minutes = (clock.seconds(lastTick) - clock.seconds(firstTick)) / 60;
  return (lastTick - firstTick) / score.ticksPerQuarter / minutes;
}

/** Notes a second, from the first to the end of the last. */
function noteDensity(score: Score): number | undefined {
  const { notes, firstTick, lastTick } = extentOf(score);
  if (notes === 0) return undefined;
  const clock = TempoMap.of(score);
  return notes / (clock.seconds(lastTick) - clock.seconds(firstTick));
}
