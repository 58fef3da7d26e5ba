import type { Note, Score } from '../../score/score.js';
import { TICKS_PER_QUARTER, ticksPerStep, type ChordConfig } from './config.js';
import { namedPitch } from './naming.js';
import { keptPitches, MAX_STEPS } from './tokens.js';
import { playedOnsets } from './played-onsets.js';

/** What begins together and, where durations are kept, ends together. Times in steps. */
export interface ChordEvent {
  start: number;
  duration: number;
  /** Sorted, distinct MIDI pitches. */
  pitches: number[];
}

/** One sounding note. Times in steps. */
interface StepNote {
  start: number;
  duration: number;
  pitch: number;
}

/** Without durations a note lasts two steps: the tutorial's quarter notes, half a beat apart. */
export const PLAIN_DURATION = 2;
const VELOCITY = 90;

/** The onsets of a score in the order in which they become tokens, times and octaves still as they were played. */
export function scoreToPiece(score: Score, config: ChordConfig): ChordEvent[] {
  if (!config.voicing && !config.durations && !config.rests) {
    return playedOnsets(score).map((pitches, start) => ({ start, duration: PLAIN_DURATION, pitches }));
  }
  const byOnset = new Map<string, ChordEvent>();
  for (const { start, duration, pitch } of tidy(gridNotes(score, config))) {
    const key = config.durations && config.rests ? `${start}/${duration}` : `${start}`;
    const event = byOnset.get(key);
    if (!event) byOnset.set(key, { start, duration, pitches: [pitch] });
    else {
      event.pitches.push(pitch);
      event.duration = Math.max(event.duration, duration);
    }
  }
  return [...byOnset.values()].sort((a, b) => a.start - b.start || a.duration - b.duration);
}

function gridNotes(score: Score, config: ChordConfig): StepNote[] {
  const step = score.ticksPerQuarter * config.step;
  const pitched = score.tracks.filter((track) => !track.isDrum).flatMap((track) => track.notes);
  return pitched.map(({ tick, duration, pitch }) => ({
    start: Math.round(tick / step),
    duration: Math.min(MAX_STEPS, Math.max(1, Math.round(duration / step))),
    pitch: namedPitch(pitch),
  }));
}

/** Drops what the tokens of this configuration cannot say, giving what `decode` will read back. */
export function forget(piece: readonly ChordEvent[], config: ChordConfig): ChordEvent[] {
  let time = 0;
  return piece.map((event, i) => {
    const next = piece[i + 1];
    const pitches = keptPitches(event.pitches, config.voicing);
    if (config.rests) return { ...event, pitches, duration: config.durations ? event.duration : PLAIN_DURATION };
    const start = time;
    const duration = config.durations ? lengthBefore(event, next) : PLAIN_DURATION;
    time += config.durations ? duration : 1;
    return { start, duration, pitches };
  });
}

/** Where time is told by durations alone, an onset lasts until the next one. */
export function lengthBefore(event: ChordEvent, next: ChordEvent | undefined): number {
  return next ? Math.min(MAX_STEPS, next.start - event.start) : event.duration;
}

/** A piano score at 120 quarters a minute. */
export function pieceToScore(piece: readonly ChordEvent[], config: ChordConfig): Score {
  const step = ticksPerStep(config);
  const struck = piece.flatMap(({ start, duration, pitches }) => pitches.map((pitch) => ({ start, duration, pitch })));
  const notes: Note[] = tidy(struck).map(({ start, duration, pitch }) => ({
    tick: start * step,
    duration: duration * step,
    pitch,
    velocity: VELOCITY,
  }));
  return {
    ticksPerQuarter: TICKS_PER_QUARTER,
    tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    tracks: notes.length === 0 ? [] : [{ name: 'Piano', program: 0, isDrum: false, notes, pedals: [] }],
    endTick: notes.reduce((end, { tick, duration }) => Math.max(end, tick + duration), 0),
  };
}

/**
 * Makes every pitch a line of its own: notes struck together become one of the longest duration, and a
 * note ends at the latest where its pitch is struck again, so that nothing can hang.
 */
function tidy(notes: readonly StepNote[]): StepNote[] {
  const sorted = [...notes].sort((a, b) => a.pitch - b.pitch || a.start - b.start || b.duration - a.duration);
  const kept: StepNote[] = [];
  for (const note of sorted) {
    const last = kept.at(-1);
    if (last?.pitch === note.pitch) {
      if (last.start === note.start) continue;
      last.duration = Math.min(last.duration, note.start - last.start);
    }
    kept.push({ ...note });
  }
  return kept.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
}
