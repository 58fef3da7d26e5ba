import type { Score } from '../../score/score.js';
import { TokenizerError } from '../../tokenizer/tokenizer-error.js';
import type { GridConfig, GridStep } from './config.js';

const MAX_FRAMES = 1_000_000;

/** A pitch in a frame, struck there or held from the frame before. */
export interface FramePitch {
  readonly pitch: number;
  readonly held: boolean;
}

/** Frame k covers [kF, (k+1)F) ticks; its pitches fall. Silent frames are empty, also at the end. */
export type Frames = readonly (readonly FramePitch[])[];

interface Span {
  readonly pitch: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The frames of a score: every note goes to the nearest frame borders, for at least one frame; percussion is left out.
 * The piece lasts as long as its track does, or its last note.
 * @throws TokenizerError RONDO_SCHEME_TOO_LONG beyond a million frames.
 */
export function scoreToFrames(score: Score, config: GridConfig, step: GridStep): Frames {
  const frame = (tick: number): number =>
    Math.round((tick * step.denominator) / (score.ticksPerQuarter * step.numerator));
  const spans = noteSpans(score, config, frame);
  const count = spans.reduce((most, span) => Math.max(most, span.end), frame(score.endTick));
  if (count > MAX_FRAMES) {
    throw new TokenizerError(
      'RONDO_SCHEME_TOO_LONG',
      `the piece has ${count} frames of ${config.grid}, at most ${MAX_FRAMES} are taken: use a coarser grid or cut the file`,
    );
  }
  const frames = Array.from({ length: count }, () => new Map<number, boolean>());
  for (const { pitch, start, end } of spans) {
    // Where two notes of one pitch meet in a frame, a new stroke wins over a hold.
    for (let k = start; k < end; k += 1) frames[k].set(pitch, k > start && frames[k].get(pitch) !== false);
  }
  return frames.map((pitches) => sortFrame(pitches, config.holds));
}

function noteSpans(score: Score, config: GridConfig, frame: (tick: number) => number): Span[] {
  const [low, high] = config.pitchRange;
  const spans: Span[] = [];
  for (const track of score.tracks) {
    if (track.isDrum) continue;
    for (const { tick, duration, pitch } of track.notes) {
      if (pitch < low || pitch > high) continue;
      const start = frame(tick);
      spans.push({ pitch, start, end: Math.max(start + 1, frame(tick + duration)) });
    }
  }
  return spans;
}

function sortFrame(pitches: ReadonlyMap<number, boolean>, holds: boolean): FramePitch[] {
  return [...pitches].map(([pitch, held]) => ({ pitch, held: held && holds })).sort((a, b) => b.pitch - a.pitch);
}

/** The score of frames: one piano track at the configured tempo; held frames lengthen their note. */
export function framesToScore(frames: Frames, config: GridConfig, step: GridStep): Score {
  const notes: { tick: number; duration: number; pitch: number; velocity: number }[] = [];
  let sounding = new Map<number, (typeof notes)[number]>();
  for (const [k, frame] of frames.entries()) {
    const next: typeof sounding = new Map();
    for (const { pitch, held } of [...frame].reverse()) {
      let note = held ? sounding.get(pitch) : undefined;
      if (note === undefined) {
        note = { tick: k * step.ticksPerFrame, duration: 0, pitch, velocity: 80 };
        notes.push(note);
      }
      note.duration += step.ticksPerFrame;
      next.set(pitch, note);
    }
    sounding = next;
  }
  return {
    ticksPerQuarter: step.ticksPerQuarter,
    tempos: [{ tick: 0, microsecondsPerQuarter: Math.round(60e6 / config.tempo) }],
    timeSignatures: [],
    keySignatures: [],
    tracks: notes.length === 0 ? [] : [{ name: '', program: 0, isDrum: false, notes, pedals: [] }],
    endTick: frames.length * step.ticksPerFrame,
  };
}
