import type { Note, Score } from '../score/score.js';
import { TempoMap } from '../score/tempo-map.js';
import { chordToneRate } from './chord-tone-rate.js';
import { findKey } from './key.js';
import { repetition } from './repetition.js';
import { pitchClassHistogram, pitchedNotes } from './sounding.js';

/**
 * Objective features of a piece, drums left out. Most follow MusPy (Dong et al. 2020) and mgeval (Yang &
 * Lerch 2018); they describe, they do not praise: compare them with those of real pieces.
 * Null where a piece without pitched notes has no value.
 */
export interface MusicMetrics {
  notes: number;
  /** Highest minus lowest pitch, in semitones. */
  pitchRange: number | null;
  /** Distinct pitches. */
  pitchesUsed: number;
  /** Entropy of the pitch classes, counted by notes, in bits: 0 (one class) to log2 12 = 3.58. */
  pitchClassEntropy: number | null;
  /** Largest share of notes that lies in one of the 24 major and natural minor scales, 0..1. Short pieces score high. */
  scaleConsistency: number | null;
  /** Mean number of sounding pitches over the time in which anything sounds. */
  polyphony: number | null;
  /** Share of beats (quarters, from the start to the last note's end) in which nothing sounds, 0..1. */
  emptyBeatRate: number | null;
  /** Similarity of the onset patterns of neighbouring bars (16 positions a bar, first meter throughout), 0..1; null for one bar. */
  grooveConsistency: number | null;
  /** Notes a second. */
  noteDensity: number | null;
  /** Correlation with the best of the 24 key profiles (Krumhansl–Schmuckler), -1..1. */
  keyClarity: number | null;
  /** Share of sounding time on tones of the chord of the moment, 0..1; null where no chord is heard. */
  chordToneRate: number | null;
  /** Share of onsets in phrases that come four times and more in a row, 0..1. */
  loopShare: number | null;
  /** Share of bars (of four quarters) that stand earlier in the piece too, 0..1; null for one bar. */
  repeatedBars: number | null;
  /** Name of that key, as in `Eb major`. */
  key: string | null;
}

const POSITIONS_PER_BAR = 16;
/** Semitones of the major scale; every natural minor scale has the notes of a major one. */
const MAJOR_SCALE = [0, 2, 4, 5, 7, 9, 11];

/** Computes all metrics of one piece. */
export function musicMetrics(score: Score): MusicMetrics {
  const notes = pitchedNotes(score);
  const end = notes.reduce((latest, note) => Math.max(latest, note.tick + note.duration), 0);
  const pitches = new Set(notes.map((note) => note.pitch));
  const key = findKey(score);
  const some = notes.length > 0;
  const classes = pitchClassHistogram(score);
  const { loopShare, repeatedBars } = repetition(score);
  return {
    notes: notes.length,
    pitchRange: some ? Math.max(...pitches) - Math.min(...pitches) : null,
    pitchesUsed: pitches.size,
    pitchClassEntropy: some ? entropy(classes) : null,
    scaleConsistency: some ? scaleConsistency(classes) : null,
    polyphony: some ? polyphony(notes) : null,
    emptyBeatRate: some ? emptyBeatRate(notes, end, score.ticksPerQuarter) : null,
    grooveConsistency: grooveConsistency(score, notes),
    noteDensity: some ? notes.length / TempoMap.of(score).seconds(end) : null,
    keyClarity: key?.correlation ?? null,
    chordToneRate: chordToneRate(score),
    loopShare,
    repeatedBars,
    key: key?.name ?? null,
  };
}

/** Shannon entropy of counts, in bits. */
export function entropy(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count) => (count > 0 ? sum - (count / total) * Math.log2(count / total) : sum), 0);
}

function scaleConsistency(classes: readonly number[]): number {
  const total = classes.reduce((sum, count) => sum + count, 0);
  const inside = classes.map((_, tonic) =>
    MAJOR_SCALE.reduce((sum, degree) => sum + classes[(tonic + degree) % 12], 0),
  );
  return Math.max(...inside) / total;
}

/** Sounding time of all pitches over the time in which at least one sounds; a doubled pitch counts once. */
function polyphony(notes: readonly Note[]): number {
  let sounding = 0;
  const byPitch = new Map<number, Note[]>();
  for (const note of notes) {
    const group = byPitch.get(note.pitch);
    if (group) group.push(note);
    else byPitch.set(note.pitch, [note]);
  }
  for (const group of byPitch.values()) sounding += coveredTicks(group);
  return sounding / coveredTicks(notes);
}

/** Length of the union of the spans of notes that are sorted by tick. */
function coveredTicks(notes: readonly Note[]): number {
  let covered = 0;
  let end = 0;
  for (const note of notes) {
    covered += Math.max(0, note.tick + note.duration - Math.max(end, note.tick));
    end = Math.max(end, note.tick + note.duration);
  }
  return covered;
}

function emptyBeatRate(notes: readonly Note[], end: number, ticksPerBeat: number): number {
  const beats = Math.ceil(end / ticksPerBeat);
  let filled = 0;
  let next = 0;
  for (const { tick, duration } of notes) {
    const first = Math.max(next, Math.floor(tick / ticksPerBeat));
    const after = Math.ceil((tick + duration) / ticksPerBeat);
    filled += Math.max(0, after - first);
    next = Math.max(next, after);
  }
  return 1 - filled / beats;
}

function grooveConsistency(score: Score, notes: readonly Note[]): number | null {
  const { numerator, denominator } = score.timeSignatures[0] ?? { numerator: 4, denominator: 4 };
  const bar = (score.ticksPerQuarter * 4 * numerator) / denominator;
  const last = notes.at(-1);
  if (!last || last.tick < bar) return null;
  const lastBar = Math.floor(last.tick / bar);
  const bars = new Map<number, Set<number>>();
  for (const { tick } of notes) {
    const index = Math.floor(tick / bar);
    const position = Math.floor(((tick % bar) / bar) * POSITIONS_PER_BAR);
    bars.set(index, (bars.get(index) ?? new Set()).add(position));
  }
  // Only bars with onsets are visited: a long silence must not cost anything.
  let difference = 0;
  for (const [index, onsets] of bars) {
    if (index > 0) difference += hamming(onsets, bars.get(index - 1) ?? new Set());
    if (index < lastBar && !bars.has(index + 1)) difference += onsets.size;
  }
  return 1 - difference / (POSITIONS_PER_BAR * lastBar);
}

function hamming(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  return [...a].filter((value) => !b.has(value)).length + [...b].filter((value) => !a.has(value)).length;
}
