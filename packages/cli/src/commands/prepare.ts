import type { PrepareReport } from '@rondo/tokenizer/node';
import { prepareDataset } from '@rondo/tokenizer/node';
import type { Command } from '../command.js';
import { parseConditionSources, withConditionOptions, type ConditionOptions } from '../options/condition-options.js';
import { parseFactors, parseIntegerRange, parseSplit, requireNumber } from '../options/ranges.js';
import { schemeOf, withSchemeOptions, type SchemeOptions } from '../options/scheme-options.js';
import { InterruptedError, UsageError } from '../terminal/exit-codes.js';
import { formatCount, formatDuration } from '../terminal/format.js';
import { startProgress } from '../terminal/progress.js';

interface PrepareCommandOptions extends SchemeOptions, ConditionOptions {
  midi: string[];
  out: string;
  valid?: string;
  test?: string;
  split?: string;
  transpose: string;
  stretch?: string;
  bpe?: number;
  workers?: number;
  seed: number;
}

/** `rondo prepare`: MIDI files → a dataset of token ids. */
export const prepareCommand: Command<PrepareCommandOptions> = {
  usage: 'prepare <midi..>',
  summary: 'Turn MIDI files and folders into a dataset of tokens',
  examples: [
    ['$0 prepare midi --out data', 'a folder, split 80/10/10 by piece'],
    ['$0 prepare train --valid valid --out data --transpose -5..6', 'given held-out pieces, twelve keys in training'],
    ['$0 prepare midi --out data --condition genre=folder,key', 'pieces by genre and key, to be asked for later'],
    ['$0 prepare midi --out data --scheme chord', "the tutorial's notes and chords"],
    ['$0 prepare midi --out data --scheme performance --bpe 4096', 'shorter sequences: frequent tokens merged'],
  ],
  options: (yargs) =>
    withConditionOptions(
      withSchemeOptions(
        yargs
          .positional('midi', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'MIDI files, folders, patterns, .zip and .tar.gz',
          })
          .option('out', { type: 'string', demandOption: true, requiresArg: true, describe: 'Folder of the dataset' })
          .option('valid', { type: 'string', requiresArg: true, describe: 'Folder of validation pieces' })
          .option('test', { type: 'string', requiresArg: true, describe: 'Folder of test pieces' })
          .option('split', {
            type: 'string',
            requiresArg: true,
            describe: 'Shares of train/valid/test pieces (default 80/10/10)',
          })
          .option('transpose', {
            type: 'string',
            nargs: 1,
            default: '0..0',
            describe: 'Semitones of the copies in training, e.g. -5..6',
          })
          .option('stretch', {
            type: 'string',
            requiresArg: true,
            describe: 'Tempo factors of the copies in training, e.g. 0.95,1.05',
          })
          .option('bpe', {
            type: 'number',
            requiresArg: true,
            describe: 'remi, performance: merge tokens that often stand together, up to so many in the vocabulary',
          })
          .option('workers', {
            type: 'number',
            requiresArg: true,
            describe: 'Threads that read files (default: all cores)',
          })
          .option('seed', { type: 'number', requiresArg: true, default: 0, describe: 'Seed of the split' })
          .group(['out', 'valid', 'test', 'split', 'transpose', 'stretch', 'bpe', 'workers', 'seed'], 'Dataset:'),
      ),
    ) as never,
  async run(options, { output, signal }) {
    requireNumber('bpe', options.bpe, { min: 1, max: 65_536, integer: true });
    requireNumber('workers', options.workers, { min: 0, max: 256, integer: true });
    requireNumber('seed', options.seed, { min: 0, integer: true });
    requireNumber('condition-dropout', options.conditionDropout, { min: 0, max: 1 });
    const conditions = parseConditionSources(options.condition, options.conditionManifest);
    if (conditions === undefined && options.conditionManifest !== undefined)
      throw new UsageError('--condition-manifest needs --condition, which says what to take from it');
    if (conditions === undefined && options.conditionDropout !== undefined)
      throw new UsageError('--condition-dropout needs --condition, whose conditions it leaves out');
    if (options.split !== undefined && (options.valid ?? options.test) !== undefined)
      throw new UsageError('give either --split or --valid/--test: given folders are the split');
    const progress = startProgress(output, 'preparing', 'files');
    try {
      const report = await prepareDataset({
        inputs: options.midi,
        out: options.out,
        scheme: schemeOf(options),
        valid: options.valid,
        test: options.test,
        split: options.split === undefined ? undefined : parseSplit(options.split),
        transpose: parseIntegerRange('transpose', options.transpose),
        stretch: options.stretch === undefined ? undefined : parseFactors('stretch', options.stretch),
        conditions,
        conditionManifest: options.conditionManifest,
        conditionDropout: options.conditionDropout,
        bpe: options.bpe,
        workers: options.workers,
        seed: options.seed,
        signal,
        onProgress: ({ phase, done, total }) => {
          if (phase === 'read') progress.update(done, total);
        },
      });
      progress.stop();
      for (const { file, reason } of report.files.skipped) output.note(`skipped  ${file}: ${reason}`);
      for (const { file, of } of report.files.duplicates) output.note(`note     ${file} has the notes of ${of}`);
      if (report.files.duplicates.length > 0) output.warning(describeTwins(report.files.duplicates.length));
      output.result(report, () => describe(report));
    } catch (error) {
      if (signal.aborted) throw new InterruptedError('stopped: the same command goes on where this one stopped');
      throw error;
    } finally {
      progress.stop();
    }
  },
};

function describe(report: PrepareReport): string {
  const { dataset, files, pieces, tokens, vocabulary, conditions, baselines, seconds } = report;
  return [
    `${dataset}: ${formatCount(pieces)} pieces from ${files.ok} files (${files.skipped.length} skipped) in ${formatDuration(seconds)}`,
    `tokens      train ${formatCount(tokens.train)}, valid ${formatCount(tokens.valid)}, test ${formatCount(tokens.test)}${perNote(report)}`,
    `vocabulary  ${formatCount(vocabulary)}${mergedText(report)}`,
    ...Object.entries(conditions ?? {}).map(([kind, values]) => `${kind.padEnd(12)}${describeValues(values)}`),
    baselines &&
      `to beat     unigram ${baselines.unigram.toFixed(3)}, bigram ${baselines.bigram.toFixed(3)} nats per ${tokens.valid + tokens.test > 0 ? 'held-out' : 'training'} token`,
  ]
    .filter(Boolean)
    .join('\n');
}

function describeTwins(count: number): string {
  const pieces = count === 1 ? '1 held-out piece has' : `${count} held-out pieces have`;
  return `${pieces} the notes of another file (named above): figures on them say little of new music`;
}

function perNote({ tokens, notes }: PrepareReport): string {
  return notes === undefined || notes.train === 0 ? '' : ` (${(tokens.train / notes.train).toFixed(2)} per note)`;
}

function mergedText({ tokens, merges, plainTokens }: PrepareReport): string {
  if (merges === undefined || plainTokens === undefined) return '';
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(0)} %`;
  const [held, plainHeld] = [tokens.valid + tokens.test, plainTokens.valid + plainTokens.test];
  const heldOut = plainHeld > 0 ? `, ${share(held, plainHeld)} held-out` : '';
  return `, ${formatCount(merges)} of them merged: ${share(tokens.train, plainTokens.train)} of the plain tokens are left in training${heldOut}`;
}

/** The most frequent values with their numbers of pieces. */
function describeValues(values: Readonly<Record<string, number>>): string {
  const all = Object.entries(values);
  const some = all.slice(0, 12).map(([value, pieces]) => `${value} (${pieces})`);
  return [...some, ...(all.length > 12 ? [`and ${all.length - 12} more`] : [])].join(', ') || 'none';
}
