import fs from 'node:fs';
import path from 'node:path';
import { noteTable, noteTableCsv, type NoteRow } from '@rondo/tokenizer';
import { makeFolder } from '@rondo/tokenizer/node';
import type { CommandContext } from '../command.js';
import { CorpusWriter } from '../inspection/corpus-outputs.js';
import { describeInspection, inspectScore, type Inspection } from '../inspection/inspect-score.js';
import { ScoreFiles, type ReadScore } from '../models/score-files.js';
import { writeNotePictures } from '../pictures/note-pictures.js';
import { outputNames } from '../pictures/output-names.js';
import { requireNumber } from '../options/ranges.js';
import { UsageError } from '../terminal/exit-codes.js';
import { startProgress } from '../terminal/progress.js';
import { writeFile } from '../files/whole-file.js';
import type { InspectOptions } from '../commands/inspect.js';

/** `rondo inspect`: what is in MIDI files. */
export async function run(
  { midi, csv, plots, html, parquet, rolls = 4, notes }: InspectOptions,
  { output, signal }: CommandContext,
): Promise<void> {
  requireNumber('rolls', rolls, { min: 0, max: 100, integer: true });
  const progress = startProgress(output, 'inspecting', 'files');
  const onFile = (done: number, total: number) => progress.update(done, total);
  const note = (line: string) => progress.line(line);
  let scores: ScoreFiles | undefined;
  try {
    scores = await ScoreFiles.find(midi, { output, signal, onFile });
    const corpus = new CorpusWriter({ html, rolls, parquet }, scores.count);
    const tables = csv === undefined ? undefined : csvTarget(csv, scores.count);
    const targets: Targets = { tables, plots, notes: notes && output.json, note };
    const nameOf = outputNames();
    const inspections: Inspection[] = [];
    for await (const piece of scores) {
      const rows = noteTable(piece.score);
      await corpus.add(piece, rows);
      inspections.push(inspectPiece(piece, rows, nameOf(piece.file), targets));
      if (targets.notes) refuseHugeDocument(inspections);
    }
    const written = await corpus.write(scores.skipped);
    progress.stop();
    output.result({ files: inspections, skipped: scores.skipped, ...(written.length > 0 ? { written } : {}) }, () =>
      [...inspections.map(describeInspection), ...written.map((file) => `written  ${file}`)].join('\n\n'),
    );
  } finally {
    progress.stop();
    scores?.close();
  }
}

interface Targets {
  /** Path of a piece's CSV file. */
  tables?: (name: string) => string;
  plots?: string;
  /** Whether note tables go into the document. */
  notes: boolean;
  note(line: string): void;
}

function inspectPiece(
  { file, score }: ReadScore,
  rows: readonly NoteRow[],
  name: string,
  { tables, plots, notes, note }: Targets,
): Inspection {
  const written: string[] = [];
  if (tables !== undefined) {
    writeFile(tables(name), noteTableCsv(rows));
    written.push(tables(name));
  }
  if (plots !== undefined) {
    makeFolder(plots);
    written.push(...writeNotePictures(plots, name, score, rows, note));
  }
  return { ...inspectScore(file, score, rows), written, ...(notes ? { notes: rows } : {}) };
}

/** A JSON text of more notes than this is longer than a string can be. */
const MOST_NOTES_IN_JSON = 1_500_000;

function refuseHugeDocument(inspections: readonly Inspection[]): void {
  const count = inspections.reduce((sum, { statistics }) => sum + statistics.notes, 0);
  if (count <= MOST_NOTES_IN_JSON) return;
  throw new UsageError(
    `more than ${MOST_NOTES_IN_JSON} notes do not fit into one JSON document; use --no-notes with --parquet or --csv`,
  );
}

/** One piece goes into the file itself, several go into a folder. */
function csvTarget(csv: string, pieces: number): (name: string) => string {
  const isFolder = fs.existsSync(csv) && fs.statSync(csv).isDirectory();
  if (pieces === 1 && !isFolder) return () => csv;
  if (!isFolder && /\.csv$/i.test(csv)) throw new UsageError(`--csv takes a folder for ${pieces} pieces, not ${csv}`);
  makeFolder(csv);
  return (name) => path.join(csv, `${name}.csv`);
}
