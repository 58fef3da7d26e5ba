import type { CorpusSummary, Score } from '@rondo/tokenizer';
import { cutBars, BarMap } from '@rondo/tokenizer';
import { escape } from '../svg/element.js';
import { pianoRollSvg } from '../roll/piano-roll.js';
import { barsSvg } from './bars.js';
import { columnsSvg } from './columns.js';
import { fileTable } from './file-table.js';
import { htmlPage } from './page.js';

/** What the report of a corpus shows beside the statistics. */
export interface CorpusReportOptions {
  /** Default `Corpus`. */
  title?: string;
  /** Pieces to draw, in this order; only their first bars are shown. */
  rolls?: readonly { readonly file: string; readonly score: Score }[];
  /** Bars of a piano roll; default 16. */
  bars?: number;
  /** Files that were left out, with the reason. */
  skipped?: readonly { readonly file: string; readonly reason: string }[];
}

const CLASSES = 'C C# D D# E F F# G G# A A# B'.split(' ');
const [WIDTH, HEIGHT] = [620, 360];

/**
 * A corpus as one self-contained HTML page: figures, distributions, instruments, keys, a table of files that can be sorted,
 * and piano rolls. Loads nothing and shows the same everywhere.
 */
export function corpusReportHtml(summary: CorpusSummary, options: CorpusReportOptions = {}): string {
  const title = options.title ?? 'Corpus';
  const sections = [
    section('Notes', figures(summary), distributions(summary)),
    section('Pieces', '', [byTempo(summary), keys(summary), meters(summary), instruments(summary)]),
    section('Files', fileTable(summary.files), []),
    rolls(options),
    skippedFiles(options.skipped ?? []),
  ];
  return htmlPage(title, sections.join(''));
}

function section(heading: string, text: string, pictures: readonly string[]): string {
  const drawn = pictures.map((svg) => `<figure>${svg}</figure>`).join('');
  return `<section><h2>${escape(heading)}</h2>${text}<div class="pictures">${drawn}</div></section>`;
}

function figures({ files, notes, seconds, instruments }: CorpusSummary): string {
  const hours = seconds / 3600;
  const time = hours >= 1 ? `${hours.toFixed(1)} hours` : `${(seconds / 60).toFixed(1)} minutes`;
  const counted = (count: number, one: string): string =>
    `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
  const all = [counted(files.length, 'piece'), counted(notes, 'note'), time, counted(instruments.length, 'instrument')];
  return `<p class="figures">${all.map((text) => `<span>${escape(text)}</span>`).join('')}</p>`;
}

function distributions({ pitch, pitchClass, step, duration, velocity }: CorpusSummary): string[] {
  const size = { width: WIDTH, height: HEIGHT, unit: 'notes' };
  const classes = pitchClass.map((count, i) => ({ name: CLASSES[i], count }));
  return [
    columnsSvg(pitch, { ...size, title: 'Pitch', xLabel: 'MIDI key (60 is middle C)' }),
    barsSvg(classes, { ...size, title: 'Pitch class' }),
    columnsSvg(step, { ...size, title: 'Steps between onsets', xLabel: 'step, seconds' }),
    columnsSvg(duration, { ...size, title: 'Durations', xLabel: 'duration, seconds' }),
    columnsSvg(velocity, { ...size, title: 'Velocity', xLabel: 'velocity' }),
  ];
}

const files = { width: WIDTH, height: HEIGHT, unit: 'files' };

function byTempo({ tempo }: CorpusSummary): string {
  return columnsSvg(tempo, { ...files, title: 'Tempo at the start', xLabel: 'quarters a minute' });
}

function keys({ keys: found }: CorpusSummary): string {
  return barsSvg(found, { ...files, title: 'Key', most: 24, height: 520 });
}

function meters({ timeSignatures }: CorpusSummary): string {
  return barsSvg(timeSignatures, { ...files, title: 'Meter at the start', most: 10 });
}

function instruments({ instruments: played }: CorpusSummary): string {
  return barsSvg(played, { ...files, unit: 'notes', title: 'Instruments', most: 20, height: 520 });
}

function rolls({ rolls: pieces = [], bars = 16 }: CorpusReportOptions): string {
  if (pieces.length === 0) return '';
  const drawn = pieces.map(({ file, score }) => {
    const { count } = new BarMap(score);
    return pianoRollSvg(count > bars ? cutBars(score, 0, bars) : score, { title: file, width: 1280 });
  });
  return section('Piano rolls', `<p>The first ${bars} bars of each piece.</p>`, drawn);
}

function skippedFiles(skipped: readonly { file: string; reason: string }[]): string {
  if (skipped.length === 0) return '';
  const lines = skipped.map(({ file, reason }) => `<li><b>${escape(file)}</b>: ${escape(reason)}</li>`).join('');
  return section('Left out', `<ul>${lines}</ul>`, []);
}
