import type { Note, Score, Track } from '../../score/score.js';
import { TempoMap } from '../../score/tempo-map.js';
import { TokenizerError } from '../../tokenizer/tokenizer-error.js';
import type { PerformanceConfig } from './config.js';

const MAX_SHIFTS = 1_000_000;
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

/** Level 1 … velocityBins of a velocity; 0 if the scheme leaves velocity out. */
export function velocityBin(velocity: number, { velocityBins }: PerformanceConfig): number {
  return velocityBins === 0 ? 0 : Math.min(velocityBins, Math.max(1, Math.round((velocity * velocityBins) / 127)));
}

/** Velocity of a level; 80 for level 0. */
export function binVelocity(bin: number, { velocityBins }: PerformanceConfig): number {
  return bin === 0 || velocityBins === 0 ? DEFAULT_VELOCITY : Math.max(1, Math.round((bin * 127) / velocityBins));
}

/**
 * The pitched notes of all tracks, as they sound, on the clock of the scheme.
 * @throws TokenizerError RONDO_SCHEME_TOO_LONG where the waits alone would be more than a million tokens.
 */
export function scoreToNotes(score: Score, config: PerformanceConfig): PlayedNote[] {
  const clock = TempoMap.of(score);
  const step = (tick: number): number => Math.round((clock.seconds(tick) * 1000) / config.step);
  const [low, high] = config.pitchRange;
  const notes: PlayedNote[] = [];
  for (const track of score.tracks) {
    if (track.isDrum) continue;
    const endOf = soundingEnd(track, config.sustain);
    for (const note of track.notes) {
      if (note.pitch < low || note.pitch > high) continue;
      const start = step(note.tick);
      const end = Math.max(start + 1, step(endOf(note)));
      notes.push({ start, end, pitch: note.pitch, velocity: velocityBin(note.velocity, config) });
    }
  }
  const tidy = tidyNotes(notes);
  checkLength(tidy, config);
  return tidy;
}

/** Where a note ends for the ear: a key that is let go while the pedal is down sounds until the pedal is lifted. */
function soundingEnd({ pedals }: Track, sustain: boolean): (note: Note) => number {
  if (!sustain || pedals.length === 0) return ({ tick, duration }) => tick + duration;
  return ({ tick, duration }) => {
    const end = tick + duration;
    let [low, high] = [0, pedals.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pedals[middle].tick <= end) low = middle + 1;
      else high = middle;
    }
    const pedal = pedals[low - 1] as (typeof pedals)[number] | undefined;
    return pedal === undefined ? end : Math.max(end, pedal.tick + pedal.duration);
  };
}

/**
 * Sorts by start and pitch; of notes that start together on one key keeps the longest (then the loudest); ends a note
 * where its key is struck again.
 */
function tidyNotes(notes: readonly PlayedNote[]): PlayedNote[] {
  const sorted = [...notes].sort(
    (a, b) => a.start - b.start || a.pitch - b.pitch || b.end - a.end || b.velocity - a.velocity,
  );
  const kept = sorted.filter(
    ({ start, pitch }, i) => i === 0 || start !== sorted[i - 1].start || pitch !== sorted[i - 1].pitch,
  );
  const nextStart = new Array<number>(128).fill(Infinity);
  for (let i = kept.length - 1; i >= 0; i -= 1) {
    const note = kept[i];
    if (nextStart[note.pitch] < note.end) kept[i] = { ...note, end: nextStart[note.pitch] };
    nextStart[note.pitch] = note.start;
  }
  return kept;
}

function checkLength(notes: readonly PlayedNote[], config: PerformanceConfig): void {
  const end = notes.reduce((latest, note) => Math.max(latest, note.end), 0);
  if ((end * config.step) / config.maxShift <= MAX_SHIFTS) return;
  throw new TokenizerError(
    'RONDO_SCHEME_TOO_LONG',
    `the piece lasts ${Math.round((end * config.step) / 1000)} seconds, more than ${MAX_SHIFTS} shifts: cut the silence or split the file`,
  );
}

/** The score of notes: one piano at 120 quarters a minute, a tick to a millisecond. */
export function notesToScore(played: readonly PlayedNote[], config: PerformanceConfig): Score {
  const notes = played.map(({ start, end, pitch, velocity }) => ({
    tick: start * config.step,
    duration: (end - start) * config.step,
    pitch,
    velocity: binVelocity(velocity, config),
  }));
  const empty = notes.length === 0;
  return {
    ticksPerQuarter: TICKS_PER_QUARTER,
    tempos: empty ? [] : [{ tick: 0, microsecondsPerQuarter: MICROSECONDS_PER_QUARTER }],
    timeSignatures: [],
    keySignatures: [],
    tracks: empty ? [] : [{ name: '', program: 0, isDrum: false, notes, pedals: [] }],
    endTick: notes.reduce((latest, { tick, duration }) => Math.max(latest, tick + duration), 0),
  };
}
