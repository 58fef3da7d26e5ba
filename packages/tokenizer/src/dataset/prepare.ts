import { performance } from 'node:perf_hooks';
import { createScheme } from '../schemes/registry.js';
import type { Scheme } from '../schemes/scheme.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { isAsWritten } from './as-written.js';
import { checkAlone, checkOptions, checkVelocities } from './check-options.js';
import { ConditionDropout, DEFAULT_DROPOUT } from './condition-dropout.js';
import { ConditionSources } from './condition-sources.js';
import { DatasetError } from './dataset-error.js';
import { dividePieces, sharesOf } from './divide.js';
import { finish, reportOf } from './finish.js';
import { checkMerging, learnVocabulary } from './learn-vocabulary.js';
import { OutputFolder, writeError } from './output-folder.js';
import type { PieceTable } from './piece-table.js';
import { readSources, type ReadReport } from './read-sources.js';
import { SourceList } from './source-list.js';
import type { Spool } from './spool.js';
import type { PrepareOptions, PrepareReport } from './types.js';
import { buildTokenizer, finalIds, writeSplits } from './write-splits.js';

/**
 * MIDI files to a dataset on disk: read, divide by piece, make copies in training only, take the vocabulary
 * from the training split, write ids. The same options give the same bytes, whatever the number of workers. Stopped by its
 * signal (or killed), it goes on where it was when called again with the same options.
 * @throws DatasetError with a code that says whether inputs, options or the output folder are wrong; then nothing changed.
 */
export async function prepareDataset(options: PrepareOptions): Promise<PrepareReport> {
  const start = performance.now();
  checkOptions(options);
  const scheme = createScheme(options.scheme ?? 'remi');
  const conditions = new ConditionSources(options);
  if (conditions.kinds.length > 0 && !scheme.specials) {
    const message = `the scheme "${scheme.name}" without BOS has no place for conditions: choose another or give it an option`;
    throw new DatasetError('RONDO_DATASET_OPTION', message);
  }
  checkMerging(scheme.name, options);
  checkVelocities(scheme, options);
  checkAlone(scheme, options);
  const folder = await OutputFolder.open(options.out);
  try {
    const report = await make(options, scheme, conditions, folder);
    await folder.commit();
    await folder.forget();
    return { ...report, seconds: (performance.now() - start) / 1000 };
  } catch (error) {
    await folder.discard();
    if (isWorthKeeping(error) || !folder.hasBegun) await folder.pause();
    else await folder.forget();
    throw isSystemError(error) ? writeError(options.out, error) : error;
  }
}

/** Whether the same files will be asked for again: after Ctrl-C, and after a wish that only reading them could refuse. */
function isWorthKeeping(error: unknown): boolean {
  return error instanceof DatasetError && ['RONDO_DATASET_ABORTED', 'RONDO_DATASET_OPTION'].includes(error.code);
}

/** Everything up to the finished folder beside its place. */
async function make(
  options: PrepareOptions,
  scheme: Scheme,
  conditions: ConditionSources,
  folder: OutputFolder,
): Promise<PrepareReport> {
  const { work, partial } = folder;
  const sources = await SourceList.find(options, partial);
  if (sources.length === 0)
    throw new DatasetError('RONDO_DATASET_EMPTY', `no MIDI file in ${options.inputs.join(', ')}`);
  folder.hasBegun = true;
  const read = await readSources(sources, scheme.config, options, conditions, partial);
  const { spool } = read;
  try {
    assignSplits(spool.pieces, options, read);
    const tokenizer = await makeTokenizer(options, scheme, conditions, read);
    const splits = await writeSplits(work, {
      spool,
      tokenizer,
      ids: finalIds(read.tokens, tokenizer),
      dropout: new ConditionDropout(options.conditionDropout ?? DEFAULT_DROPOUT, options.seed ?? 0),
      files: sources.files,
      signal: options.signal,
      onIds: progressOf(spool, options),
    });
    const manifest = await finish(work, tokenizer, splits, options, read);
    return reportOf(options.out, manifest, tokenizer.merges.length, read, conditions.kinds);
  } finally {
    spool.close();
  }
}

async function makeTokenizer(
  options: PrepareOptions,
  scheme: Scheme,
  { kinds }: ConditionSources,
  { spool, tokens }: ReadReport,
): Promise<Tokenizer> {
  const plain = buildTokenizer(spool, tokens, scheme, kinds);
  if (options.bpe === undefined) return plain;
  const merges = await learnVocabulary(spool, finalIds(tokens, plain), plain, options.bpe, options);
  return new Tokenizer(scheme, plain.vocabulary, kinds, merges);
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** Divides what has no split yet; copies of a held-out piece are dropped, because only training is augmented. */
function assignSplits(pieces: PieceTable, options: PrepareOptions, read: ReadReport): void {
  const open = [...new Set([...pieces.of(undefined)].map(({ source }) => source))];
  const names = dividePieces(open.length, sharesOf(options) ?? [1, 0, 0], options.seed ?? 0);
  const splitOf = new Map(open.map((source, i) => [source, names[i]]));
  let training = 0;
  for (let i = 0; i < pieces.count; i += 1) {
    const piece = pieces.get(i);
    const { split = splitOf.get(piece.source) } = piece;
    const isKept = split === 'train' || isAsWritten(piece);
    pieces.setSplit(i, isKept ? split : undefined);
    if (split === 'train') training += 1;
  }
  if (training > 0) return;
  const first = read.skipped[0];
  const why = first === undefined ? '' : ` (the first: ${first.file}: ${first.reason})`;
  throw new DatasetError(
    'RONDO_DATASET_EMPTY',
    `no usable file to train on among ${read.ok + read.skipped.length}, ${read.skipped.length} skipped${why}`,
  );
}

function progressOf(spool: Spool, { onProgress }: PrepareOptions): (written: number) => void {
  let total = 0;
  for (const { split, length } of spool.pieces) if (split !== undefined) total += length;
  let done = 0;
  return (written) => {
    done = Math.min(total, done + written);
    onProgress?.({ phase: 'write', done, total });
  };
}
