import type { PartName } from '@rondo/tokenizer';
import type { PrepareReport } from '@rondo/tokenizer/node';
import { prepareDataset } from '@rondo/tokenizer/node';
import type { CommandContext } from '../command.js';
import { parseConditionSources } from '../options/condition-options.js';
import { parseFactors, parseIntegerRange, parseShifts, parseSplit, requireNumber } from '../options/ranges.js';
import { schemeOf } from '../options/scheme-options.js';
import { InterruptedError, UsageError } from '../terminal/exit-codes.js';
import { formatCount, formatDuration } from '../terminal/format.js';
import { startProgress } from '../terminal/progress.js';
import type { PrepareCommandOptions } from '../commands/prepare.js';

/** `rondo prepare`: MIDI files → a dataset of token ids. */
export async function run(options: PrepareCommandOptions, { output, signal }: CommandContext): Promise<void> {
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
      velocityShift:
        options.velocityShift === undefined ? undefined : parseShifts('velocity-shift', options.velocityShift),
      alone: options.alone === undefined ? undefined : parseParts(options.alone),
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
}

/** `drums, bass`; the library says which names there are. */
function parseParts(text: string): PartName[] {
  return text.split(',').map((name) => name.trim().toLowerCase() as PartName);
}

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
