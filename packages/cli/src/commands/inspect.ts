import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { noteTable, noteTableCsv } from '@rondo/tokenizer';
import type { Command } from '../command.js';
import { writeCorpusOutputs } from '../inspection/corpus-outputs.js';
import { describeInspection, inspectScore, type Inspection } from '../inspection/inspect-score.js';
import { readScores, type ReadScore } from '../models/read-scores.js';
import { writeNotePictures } from '../pictures/note-pictures.js';
import { outputNames } from '../pictures/output-names.js';
import { requireNumber } from '../options/ranges.js';
import { InterruptedError, UsageError } from '../terminal/exit-codes.js';
import { startProgress } from '../terminal/progress.js';
import { writeFile } from '../files/whole-file.js';

interface InspectOptions {
  midi: string[];
  csv?: string;
  plots?: string;
  html?: string;
  rolls?: number;
  parquet?: string;
  notes: boolean;
}

/** `rondo inspect`: what is in MIDI files. */
export const inspectCommand: Command<InspectOptions> = {
  usage: 'inspect <midi..>',
  summary: 'Note table, statistics, key and pictures of MIDI files',
  examples: [
    ['$0 inspect piece.mid', 'key, tempo, instruments, ranges'],
    ['$0 inspect piece.mid --csv notes.csv --plots pictures', 'the note table, the piano roll and histograms'],
    ['$0 inspect midi --html corpus.html', 'a whole corpus on one page'],
  ],
  options: (yargs) =>
    yargs
      .positional('midi', { type: 'string', array: true, demandOption: true, describe: 'MIDI files and folders' })
      .option('csv', {
        type: 'string',
        requiresArg: true,
        describe: 'Note table as CSV: a file, or a folder for several pieces',
      })
      .option('plots', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder for piano rolls and histograms (SVG and PNG)',
      })
      .option('html', {
        type: 'string',
        requiresArg: true,
        describe: 'Page about all pieces together: distributions, instruments, table, piano rolls',
      })
      .option('rolls', {
        type: 'number',
        requiresArg: true,
        default: 4,
        describe: 'Piano rolls on the page, of pieces spread over the corpus',
      })
      .option('parquet', {
        type: 'string',
        requiresArg: true,
        describe: 'Note table of all pieces as one Apache Parquet file',
      })
      .option('notes', { type: 'boolean', default: true, describe: 'With --json: include the note table' }) as never,
  async run({ midi, csv, plots, html, parquet, rolls = 4, notes }, { output, signal }) {
    requireNumber('rolls', rolls, { min: 0, max: 100, integer: true });
    const scores = await readScores(midi, output);
    const progress = startProgress(output, 'inspecting', 'files');
    const tables = csv === undefined ? undefined : csvTarget(csv, scores.length);
    const nameOf = outputNames();
    const note = (line: string) => progress.line(line);
    const inspections: Inspection[] = [];
    try {
      for (const [index, piece] of scores.entries()) {
        progress.update(index, scores.length);
        // A turn of the event loop: Ctrl-C is not heard without one.
        await setImmediate();
        if (signal.aborted) throw new InterruptedError(`stopped after ${index} of ${scores.length} files`);
        inspections.push(inspectPiece(piece, nameOf(piece.file), { tables, plots, notes, note }));
      }
    } finally {
      progress.stop();
    }
    const written = await writeCorpusOutputs(scores, { html, rolls, parquet });
    output.result({ files: inspections, ...(written.length > 0 ? { written } : {}) }, () =>
      [...inspections.map(describeInspection), ...written.map((file) => `written  ${file}`)].join('\n\n'),
    );
  },
};

interface Targets {
  /** Path of a piece's CSV file. */
  tables?: (name: string) => string;
  plots?: string;
  notes: boolean;
  note(line: string): void;
}

function inspectPiece({ file, score }: ReadScore, name: string, { tables, plots, notes, note }: Targets): Inspection {
  const rows = noteTable(score);
  const written: string[] = [];
  if (tables !== undefined) {
    writeFile(tables(name), noteTableCsv(rows));
    written.push(tables(name));
  }
  if (plots !== undefined) {
    fs.mkdirSync(plots, { recursive: true });
    written.push(...writeNotePictures(plots, name, score, rows, note));
  }
  return { ...inspectScore(file, score, rows), written, ...(notes ? { notes: rows } : {}) };
}

/** One piece goes into the file itself, several go into a folder. */
function csvTarget(csv: string, pieces: number): (name: string) => string {
  const isFolder = fs.existsSync(csv) && fs.statSync(csv).isDirectory();
  if (pieces === 1 && !isFolder) return () => csv;
  if (!isFolder && /\.csv$/i.test(csv)) throw new UsageError(`--csv takes a folder for ${pieces} pieces, not ${csv}`);
  fs.mkdirSync(csv, { recursive: true });
  return (name) => path.join(csv, `${name}.csv`);
}
