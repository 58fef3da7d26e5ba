import type { Score } from '../../score/score.js';
import { TokenizerError } from '../../tokenizer/tokenizer-error.js';
import type { GridConfig, GridStep } from './config.js';

/** Of frames and pitches in them together: what becomes tokens. */
const MAX_TOKENS = 1_000_000;

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
 * @throws TokenizerError RONDO_SCHEME_TOO_LONG beyond a million tokens.
 */
export function scoreToFrames(score: Score, config: GridConfig, step: GridStep): Frames {
  const frame = (tick: number): number =>
    Math.round((tick * step.denominator) / (score.ticksPerQuarter * step.numerator));
  const spans = noteSpans(score, config, frame).sort((a, b) => a.start - b.start);
  const count = spans.reduce((most, span) => Math.max(most, span.end), frame(score.endTick));
  checkLength(spans, count, config);
  const chord = new SoundingKeys(config.holds);
  let next = 0;
  return Array.from({ length: count }, (_, k) => {
    for (; next < spans.length && spans[next].start === k; next += 1) chord.strike(spans[next]);
    return chord.frame(k);
  });
}

function checkLength(spans: readonly Span[], count: number, { grid }: GridConfig): void {
  const tokens = spans.reduce((sum, { start, end }) => sum + end - start, count);
  if (tokens <= MAX_TOKENS) return;
  throw new TokenizerError(
    'RONDO_SCHEME_TOO_LONG',
    `the piece would take ${tokens} tokens in ${count} frames of ${grid}, at most ${MAX_TOKENS} are taken: use a coarser grid or cut the file`,
  );
}

/** The keys that sound, frame after frame. */
class SoundingKeys {
  /** Falling. */
  private pitches: number[] = [];
  /** The frame in which each key was struck last, and the first one in which it is silent again. */
  private readonly struck = new Int32Array(128).fill(-1);
  private readonly until = new Int32Array(128);

  constructor(private readonly holds: boolean) {}

  strike({ pitch, start, end }: Span): void {
    this.struck[pitch] = start;
    this.until[pitch] = Math.max(this.until[pitch], end);
    if (!this.pitches.includes(pitch)) this.pitches = [...this.pitches, pitch].sort((a, b) => b - a);
  }

  /** Where two notes of one pitch meet in a frame, a new stroke wins over a hold. */
  frame(k: number): FramePitch[] {
    if (this.pitches.some((pitch) => this.until[pitch] <= k)) {
      this.pitches = this.pitches.filter((pitch) => this.until[pitch] > k);
    }
    return this.pitches.map((pitch) => ({ pitch, held: this.holds && this.struck[pitch] < k }));
  }
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
