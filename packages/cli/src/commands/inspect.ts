import type { Command } from '../command.js';

export interface InspectOptions {
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
    ['$0 inspect corpus.zip --parquet notes.parquet', 'all notes of an archive as one table'],
  ],
  options: (yargs) =>
    yargs
      .positional('midi', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'MIDI files, folders, patterns, .zip and .tar.gz',
      })
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
  action: () => import('../actions/inspect.js'),
};
