import type { Score } from '../score/score.js';
import { pitchedNotes } from './sounding.js';

const STEPS_PER_QUARTER = 12;

/** What begins at one moment. */
export interface OnsetEvent {
  /** Twelfths of a quarter, from the start. */
  readonly time: number;
  /** Keys that are struck, rising, each once. */
  readonly pitches: readonly number[];
}

/** The onsets of a piece in their order, on a grid of twelfths of a quarter; percussion left out. */
export function onsetEvents(score: Score): OnsetEvent[] {
  const at = new Map<number, Set<number>>();
  for (const { tick, pitch } of pitchedNotes(score)) {
    const time = Math.round((tick * STEPS_PER_QUARTER) / score.ticksPerQuarter);
    const keys = at.get(time);
    if (keys === undefined) at.set(time, new Set([pitch]));
    else keys.add(pitch);
  }
  return [...at]
    .map(([time, keys]) => ({ time, pitches: [...keys].sort((a, b) => a - b) }))
    .sort((a, b) => a.time - b.time);
}

/** Names of events by which two places are compared: the wait since the event before, and what is struck. */
export type EventNames = (events: readonly OnsetEvent[]) => string[];

/** Equal where the same keys are struck after the same wait. */
export const exactNames: EventNames = (events) =>
  events.map(({ time, pitches }, i) => `${i === 0 ? '' : time - events[i - 1].time}:${pitches.join()}`);

/** Equal also where everything is transposed: keys count from the lowest of the event before. */
export const relativeNames: EventNames = (events) =>
  events.map(({ time, pitches }, i) => {
    if (i === 0) return 'start';
    const { time: before, pitches: keys } = events[i - 1];
    return `${time - before}:${pitches.map((pitch) => pitch - keys[0]).join()}`;
  });
