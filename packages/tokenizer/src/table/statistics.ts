import type { Score } from '../score/score.js';
import { noteTable, type NoteRow } from './note-table.js';

/** Counts over equal bins: bin i holds values from `edges[i]` up to (not including) `edges[i + 1]`. */
export interface Histogram {
  edges: number[];
  counts: number[];
  /** Values above the last edge. */
  over: number;
}

/** What `inspect` shows of a piece. Times in seconds. */
export interface ScoreStatistics {
  notes: number;
  tracks: number;
  instruments: string[];
  seconds: number;
  quarters: number;
  /** Quarters a minute: at the start, and the slowest and fastest of the piece. */
  tempo: { first: number; slowest: number; fastest: number };
  /** As written; 4/4 if the file says nothing. */
  timeSignature: string;
  pitch: Histogram;
  step: Histogram;
  duration: Histogram;
  velocity: Histogram;
}

/** Steps and durations beyond this many seconds are counted as `over`. */
const LONGEST_SECONDS = 2;
const SECONDS_BINS = 40;

/** Statistics of a score; pass its note table if it is at hand. */
export function scoreStatistics(score: Score, rows: readonly NoteRow[] = noteTable(score)): ScoreStatistics {
  const [meter] = score.timeSignatures;
  return {
    notes: rows.length,
    tracks: score.tracks.length,
    instruments: [...new Set(rows.map((row) => row.instrument))],
    seconds: rows.reduce((end, row) => Math.max(end, row.end), 0),
    quarters: score.endTick / score.ticksPerQuarter,
    tempo: tempoRange(score),
    timeSignature: meter ? `${meter.numerator}/${meter.denominator}` : '4/4',
    pitch: histogram(rows, (row) => row.pitch, { low: 0, high: 128, bins: 128 }),
    step: histogram(rows.slice(1), (row) => row.step, { low: 0, high: LONGEST_SECONDS, bins: SECONDS_BINS }),
    duration: histogram(rows, (row) => row.duration, { low: 0, high: LONGEST_SECONDS, bins: SECONDS_BINS }),
    velocity: histogram(rows, (row) => row.velocity, { low: 0, high: 128, bins: 32 }),
  };
}

/** Counts `value` of every item over `bins` equal bins from `low` to `high`; lower values go into the first. */
export function histogram<T>(
  items: readonly T[],
  value: (item: T) => number,
  { low, high, bins }: { low: number; high: number; bins: number },
): Histogram {
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  let over = 0;
  for (const item of items) {
    const bin = Math.floor((value(item) - low) / width);
    if (bin >= bins) over++;
    else counts[Math.max(0, bin)]++;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => low + i * width), counts, over };
}

function tempoRange(score: Score): ScoreStatistics['tempo'] {
  const perMinute = score.tempos.map((tempo) => 60e6 / tempo.microsecondsPerQuarter);
  if (score.tempos.length === 0 || score.tempos[0].tick > 0) perMinute.unshift(120);
  const [slowest, fastest] = perMinute.reduce(
    ([low, high], tempo) => [Math.min(low, tempo), Math.max(high, tempo)],
    [Infinity, 0],
  );
  return { first: perMinute[0], slowest, fastest };
}
