import type { Score } from '../../score/score.js';
import type { PerformanceConfig } from './config.js';

const DEFAULT_VELOCITY = 80;

/** 120 quarters a minute at 500 ticks: a tick is a millisecond. */
const TICKS_PER_QUARTER = 500;
const MICROSECONDS_PER_QUARTER = 500_000;

/** A note on the scheme's clock: `start` and `end` in steps, `velocity` as a level (0 where there are none). */
export interface PlayedNote {
  readonly start: number;
  readonly end: number;
  readonly pitch: number;
  readonly velocity: number;
}

/** A span in which the pedal is down, in steps. */
export interface PlayedPedal {
  readonly start: number;
  readonly end: number;
}

/** What the scheme keeps of a piece; both directions go through it. Pedals are in order and do not overlap. */
export interface Performance {
  readonly notes: readonly PlayedNote[];
  /** None where there are no notes. */
  readonly pedals: readonly PlayedPedal[];
}

/** Level 1 … velocityBins of a velocity; 0 if the scheme leaves velocity out. */
export function velocityBin(velocity: number, { velocityBins }: PerformanceConfig): number {
  return velocityBins === 0 ? 0 : Math.min(velocityBins, Math.max(1, Math.round((velocity * velocityBins) / 127)));
}

/** Velocity of a level; 80 for level 0. */
export function binVelocity(bin: number, { velocityBins }: PerformanceConfig): number {
  return bin === 0 || velocityBins === 0 ? DEFAULT_VELOCITY : Math.max(1, Math.round((bin * 127) / velocityBins));
}

/** The score of a piece: one piano at 120 quarters a minute, a tick to a millisecond. */
export function pieceToScore(piece: Performance, config: PerformanceConfig): Score {
  const span = ({ start, end }: PlayedPedal) => ({ tick: start * config.step, duration: (end - start) * config.step });
  const notes = piece.notes.map((note) => ({
    ...span(note),
    pitch: note.pitch,
    velocity: binVelocity(note.velocity, config),
  }));
  const pedals = piece.pedals.map(span);
  const empty = notes.length === 0;
  return {
    ticksPerQuarter: TICKS_PER_QUARTER,
    tempos: empty ? [] : [{ tick: 0, microsecondsPerQuarter: MICROSECONDS_PER_QUARTER }],
    timeSignatures: [],
    keySignatures: [],
    tracks: empty ? [] : [{ name: '', program: 0, isDrum: false, notes, pedals }],
    endTick: [...notes, ...pedals].reduce((latest, { tick, duration }) => Math.max(latest, tick + duration), 0),
  };
}
