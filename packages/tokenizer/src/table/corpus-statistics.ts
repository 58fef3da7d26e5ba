import { findKey } from '../analysis/key.js';
import { musicMetrics } from '../analysis/metrics.js';
import { pitchClassHistogram } from '../analysis/sounding.js';
import type { Score } from '../score/score.js';
import { noteTable, type NoteRow } from './note-table.js';
import { scoreStatistics, type Histogram } from './statistics.js';

/** One file of a corpus in a line. */
export interface FileSummary {
  readonly file: string;
  readonly notes: number;
  readonly seconds: number;
  /** Null for a piece without pitched notes. */
  readonly key: string | null;
  /** Correlation with the key's profile, -1 … 1. */
  readonly keyFit: number | null;
  /** Quarters a minute at the start. */
  readonly tempo: number;
  readonly timeSignature: string;
  readonly instruments: readonly string[];
  readonly lowest: number;
  readonly highest: number;
  readonly notesPerSecond: number | null;
  readonly polyphony: number | null;
}

/** A corpus in numbers; counts by name are sorted from the most frequent on. */
export interface CorpusSummary {
  readonly files: readonly FileSummary[];
  readonly notes: number;
  readonly seconds: number;
  /** Notes by pitch, 0 … 127. */
  readonly pitch: Histogram;
  /** Notes by pitch class, from C up; percussion left out. */
  readonly pitchClass: readonly number[];
  readonly step: Histogram;
  readonly duration: Histogram;
  readonly velocity: Histogram;
  /** Files by tempo at the start, in steps of ten quarters a minute. */
  readonly tempo: Histogram;
  readonly keys: readonly NamedCount[];
  readonly timeSignatures: readonly NamedCount[];
  /** Notes by instrument. */
  readonly instruments: readonly NamedCount[];
}

/** How often something was met. */
export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** Adds up a corpus piece by piece; memory grows by a line a piece. */
export class CorpusStatistics {
  private readonly files: FileSummary[] = [];
  private readonly histograms: { pitch?: Histogram; step?: Histogram; duration?: Histogram; velocity?: Histogram } = {};
  private readonly pitchClass = new Array<number>(12).fill(0);
  private readonly tempo: Histogram = {
    edges: Array.from({ length: 31 }, (_, i) => 10 * i),
    counts: new Array<number>(30).fill(0),
    over: 0,
  };
  private readonly keys = new Map<string, number>();
  private readonly meters = new Map<string, number>();
  private readonly instruments = new Map<string, number>();

  /** Adds a piece; pass its note table if it is at hand. */
  add(file: string, score: Score, rows: readonly NoteRow[] = noteTable(score)): void {
    const statistics = scoreStatistics(score, rows);
    const key = findKey(score);
    const { noteDensity, polyphony } = musicMetrics(score);
    for (const name of ['pitch', 'step', 'duration', 'velocity'] as const) {
      this.histograms[name] = sum(this.histograms[name], statistics[name]);
    }
    pitchClassHistogram(score).forEach((count, i) => (this.pitchClass[i] += count));
    const bin = Math.floor(statistics.tempo.first / 10);
    if (bin < this.tempo.counts.length) this.tempo.counts[bin] += 1;
    else this.tempo.over += 1;
    increase(this.keys, key?.name ?? 'none');
    increase(this.meters, statistics.timeSignature);
    for (const { instrument } of rows) increase(this.instruments, instrument);
    this.files.push({
      file,
      notes: rows.length,
      seconds: statistics.seconds,
      key: key?.name ?? null,
      keyFit: key?.correlation ?? null,
      tempo: statistics.tempo.first,
      timeSignature: statistics.timeSignature,
      instruments: statistics.instruments,
      lowest: rows.reduce((lowest, { pitch }) => Math.min(lowest, pitch), 127),
      highest: rows.reduce((highest, { pitch }) => Math.max(highest, pitch), 0),
      notesPerSecond: noteDensity,
      polyphony,
    });
  }

  summary(): CorpusSummary {
    const none: Histogram = { edges: [0, 1], counts: [0], over: 0 };
    const { pitch = none, step = none, duration = none, velocity = none } = this.histograms;
    return {
      files: this.files,
      notes: this.files.reduce((total, { notes }) => total + notes, 0),
      seconds: this.files.reduce((total, { seconds }) => total + seconds, 0),
      pitch,
      pitchClass: this.pitchClass,
      step,
      duration,
      velocity,
      tempo: this.tempo,
      keys: sorted(this.keys),
      timeSignatures: sorted(this.meters),
      instruments: sorted(this.instruments),
    };
  }
}

function sum(total: Histogram | undefined, { edges, counts, over }: Histogram): Histogram {
  if (total === undefined) return { edges, counts: [...counts], over };
  counts.forEach((count, i) => (total.counts[i] += count));
  total.over += over;
  return total;
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): NamedCount[] {
  const all = [...counts].map(([name, count]) => ({ name, count }));
  return all.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
