import { findKey, musicMetrics, scoreStatistics } from '@rondo/tokenizer';
import type { KeyEstimate, MusicMetrics, NoteRow, Score, ScoreStatistics } from '@rondo/tokenizer';
import { formatCount, formatDuration } from '../terminal/format.js';

/** One file in the document of `rondo inspect --json`. */
export interface Inspection {
  file: string;
  key: KeyEstimate | null;
  statistics: ScoreStatistics;
  metrics: MusicMetrics;
  /** Pictures and tables that were written. */
  written?: string[];
  notes?: readonly NoteRow[];
}

export function inspectScore(file: string, score: Score, rows: readonly NoteRow[]): Inspection {
  return {
    file,
    key: findKey(score) ?? null,
    statistics: scoreStatistics(score, rows),
    metrics: musicMetrics(score),
  };
}

/** A page of text about one file. */
export function describeInspection({ file, key, statistics, metrics, written = [] }: Inspection): string {
  const { notes, seconds, tempo, timeSignature, instruments, quarters } = statistics;
  const number = (value: number | null, digits = 2) => (value === null ? '–' : value.toFixed(digits));
  return [
    file,
    `  notes        ${formatCount(notes)} in ${formatDuration(seconds)} (${formatCount(quarters)} quarters, ${number(metrics.noteDensity, 1)} a second)`,
    `  key          ${key ? `${key.name} (correlation ${key.correlation.toFixed(2)}, clarity ${key.clarity.toFixed(2)})` : 'none'}`,
    `  tempo        ${tempoText(tempo)}, meter ${timeSignature}`,
    `  instruments  ${instruments.join(', ') || 'none'}`,
    `  pitch        range ${metrics.pitchRange ?? '–'} semitones, ${metrics.pitchesUsed} pitches, class entropy ${number(metrics.pitchClassEntropy)} bits, scale consistency ${number(metrics.scaleConsistency)}`,
    `  texture      polyphony ${number(metrics.polyphony)}, empty beats ${number(metrics.emptyBeatRate)}, groove consistency ${number(metrics.grooveConsistency)}`,
    ...(written.length > 0 ? [`  written      ${written.join(', ')}`] : []),
  ].join('\n');
}

function tempoText({ first, slowest, fastest }: ScoreStatistics['tempo']): string {
  const round = (tempo: number) => String(Math.round(tempo * 10) / 10);
  return slowest === fastest
    ? `${round(first)} quarters a minute`
    : `${round(first)} (${round(slowest)} to ${round(fastest)}) quarters a minute`;
}
