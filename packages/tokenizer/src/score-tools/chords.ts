import { pitchedNotes } from '../analysis/sounding.js';
import type { Note, Score } from '../score/score.js';
import { BarMap } from './bars.js';

/** Kinds of chords by the semitones above the root, with the sign that follows it. Simple ones first: they win ties. */
const QUALITIES = {
  major: { sign: '', tones: [0, 4, 7] },
  minor: { sign: 'm', tones: [0, 3, 7] },
  dominant7: { sign: '7', tones: [0, 4, 7, 10] },
  minor7: { sign: 'm7', tones: [0, 3, 7, 10] },
  major7: { sign: 'maj7', tones: [0, 4, 7, 11] },
  diminished: { sign: 'dim', tones: [0, 3, 6] },
  augmented: { sign: 'aug', tones: [0, 4, 8] },
  suspended4: { sign: 'sus4', tones: [0, 5, 7] },
  halfDiminished7: { sign: 'm7b5', tones: [0, 3, 6, 10] },
  diminished7: { sign: 'dim7', tones: [0, 3, 6, 9] },
  minorMajor7: { sign: 'mMaj7', tones: [0, 3, 7, 11] },
} as const;

/** Kinds of chords that are told apart. */
export type ChordQuality = keyof typeof QUALITIES;

const NAMES = 'C Db D Eb E F F# G Ab A Bb B'.split(' ');
/** A chord tone that is missing, a fourth tone, and a root in the bass, against the share of time that fits. */
const [MISSING, EXTRA, ROOT_IN_BASS] = [0.15, 0.02, 0.1];
/** Below this fit a stretch has no chord. */
const LEAST_FIT = 0.35;

/** A chord and how long it lasts. */
export interface ChordSpan {
  readonly tick: number;
  readonly duration: number;
  /** Pitch class, 0 = C. */
  readonly root: number;
  readonly quality: ChordQuality;
  /** Pitch class of the lowest note. */
  readonly bass: number;
  /** `Am7`, `C/E`. */
  readonly symbol: string;
  /** 1 where all time is spent on its tones and none is missing. */
  readonly fit: number;
}

/** A chord by its root and quality. */
export type Chord = Omit<ChordSpan, 'tick' | 'duration'>;

/**
 * The chords of a score, one for each bar or each quarter of it, equal neighbours joined: the template that fits the
 * pitch classes best, weighted by how long they sound. Stretches without a clear chord are left out.
 */
export function findChords(score: Score, per: 'bar' | 'quarter' = 'quarter'): ChordSpan[] {
  const spans: ChordSpan[] = [];
  const notes = pitchedNotes(score);
  let first = 0;
  let sounding: Note[] = [];
  for (const { tick, duration } of segments(score, per)) {
    sounding = sounding.filter((note) => note.tick + note.duration > tick);
    for (; first < notes.length && notes[first].tick < tick + duration; first += 1) sounding.push(notes[first]);
    const chord = chordOfNotes(sounding, tick, tick + duration);
    const last = spans[spans.length - 1] as ChordSpan | undefined;
    if (chord === undefined) continue;
    if (last?.symbol === chord.symbol && last.tick + last.duration === tick) {
      const fit = (last.fit * last.duration + chord.fit * duration) / (last.duration + duration);
      spans[spans.length - 1] = { ...last, duration: last.duration + duration, fit };
    } else spans.push({ tick, duration, ...chord });
  }
  return spans;
}

function* segments(score: Score, per: 'bar' | 'quarter'): Generator<{ tick: number; duration: number }> {
  for (const bar of new BarMap(score)) {
    const step = per === 'bar' ? bar.length : score.ticksPerQuarter;
    for (let from = 0; from < bar.length; from += step) {
      yield { tick: bar.tick + from, duration: Math.min(step, bar.length - from) };
    }
  }
}

function chordOfNotes(notes: readonly Note[], from: number, to: number): Chord | undefined {
  const weights = new Array<number>(12).fill(0);
  let lowest = 128;
  for (const { tick, duration, pitch } of notes) {
    const time = Math.min(to, tick + duration) - Math.max(from, tick);
    if (time <= 0) continue;
    weights[pitch % 12] += time;
    lowest = Math.min(lowest, pitch);
  }
  return chordOf(weights, lowest % 12);
}

/**
 * The chord that fits twelve weights from C upwards best, over a bass. Undefined for fewer than two pitch classes and
 * where no chord fits.
 */
export function chordOf(weights: readonly number[], bass: number): Chord | undefined {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (weights.filter((weight) => weight > 0).length < 2) return undefined;
  let best: { root: number; quality: ChordQuality; fit: number; rank: number } | undefined;
  for (const [quality, { tones }] of Object.entries(QUALITIES) as [ChordQuality, { tones: readonly number[] }][]) {
    for (let root = 0; root < 12; root += 1) {
      const shares = tones.map((tone) => weights[(root + tone) % 12] / sum);
      const inside = shares.reduce((total, share) => total + share, 0);
      const missing = shares.filter((share) => share < 0.02).length;
      const fit = 2 * inside - 1 - MISSING * missing;
      const rank = fit - EXTRA * (tones.length - 3) + (root === bass ? ROOT_IN_BASS : 0);
      if (best === undefined || rank > best.rank + 1e-9) best = { root, quality, fit, rank };
    }
  }
  if (best === undefined || best.fit < LEAST_FIT) return undefined;
  const { root, quality, fit } = best;
  return { root, quality, bass, symbol: symbolOf(root, quality, bass), fit };
}

/** Semitones of a chord above its root. */
export function chordTones(quality: ChordQuality): readonly number[] {
  return QUALITIES[quality].tones;
}

function symbolOf(root: number, quality: ChordQuality, bass: number): string {
  return `${NAMES[root]}${QUALITIES[quality].sign}${bass === root ? '' : `/${NAMES[bass]}`}`;
}
