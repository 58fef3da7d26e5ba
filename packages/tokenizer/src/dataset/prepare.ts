import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { NgramModel } from '../baselines/ngram.js';
import type { ConditionKind } from '../conditions/condition.js';
import { createScheme } from '../schemes/registry.js';
import { canonicalJson } from '../tokenizer/fingerprint.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { DatasetError } from './dataset-error.js';
import { ConditionDropout } from './condition-dropout.js';
import { ConditionSources } from './condition-sources.js';
import { dividePieces } from './divide.js';
import { MANIFEST_FILE, TOKENIZER_FILE } from './manifest.js';
import { openDataset } from './open-dataset.js';
import { OutputFolder, writeError } from './output-folder.js';
import { countConditions, findSources, readSources, type ReadReport } from './read-sources.js';
import { pieceIds } from './piece-stream.js';
import { Spool } from './spool.js';
import {
  SPLIT_NAMES,
  type Baselines,
  type DatasetManifest,
  type PieceEntry,
  type PrepareOptions,
  type PrepareReport,
  type SplitName,
  type SplitSummary,
} from './types.js';
import { buildTokenizer, idBytesOf, writeSplits } from './write-splits.js';

const DEFAULT_SPLIT = [80, 10, 10] as const;
const DEFAULT_DROPOUT = 0.1;

/**
 * MIDI files to a dataset on disk: read, divide by piece, transpose and stretch in training only, take the vocabulary
 * from the training split, write ids. The same options give the same bytes, whatever the number of workers.
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
  const sources = await findSources(options);
  if (sources.length === 0)
    throw new DatasetError('RONDO_DATASET_EMPTY', `no MIDI file in ${options.inputs.join(', ')}`);
  const folder = await OutputFolder.open(options.out);
  const spoolPath = join(folder.work, 'spool');
  let spool: Spool | undefined;
  try {
    spool = new Spool(spoolPath);
    const read = await readSources(sources, scheme.config, options, conditions, spool);
    spool.seal();
    assignSplits(spool, options, read);
    const tokenizer = buildTokenizer(spool, read.tokens, scheme, conditions.kinds);
    const dropout = new ConditionDropout(options.conditionDropout ?? DEFAULT_DROPOUT, options.seed ?? 0);
    const splits = writeSplits(folder.work, spool, read.tokens, tokenizer, dropout, progressOf(spool, options));
    spool.close();
    rmSync(spoolPath);
    const pieces = new Set(spool.pieces.map(({ source }) => source)).size;
    const manifest = await finish(folder.work, tokenizer, splits, options, read);
    await folder.commit();
    return reportOf(options.out, manifest, read, conditions.kinds, pieces, (performance.now() - start) / 1000);
  } catch (error) {
    spool?.close();
    await folder.discard();
    throw isSystemError(error) ? writeError(options.out, error) : error;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function checkOptions({ inputs, transpose = [0, 0], stretch = [] }: PrepareOptions): void {
  const wrong = (message: string): DatasetError => new DatasetError('RONDO_DATASET_OPTION', message);
  if (inputs.length === 0) throw wrong('expected MIDI files or folders to read, got none');
  const [from, to] = transpose;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from > to || from < -127 || to > 127) {
    throw wrong(`expected a range of semitones such as -5..6, got ${from}..${to}`);
  }
  const factor = stretch.find((value) => !(value >= 0.25 && value <= 4));
  if (factor !== undefined) throw wrong(`expected tempo factors from 0.25 to 4, got ${factor}`);
}

/** Divides what has no split yet; copies of a held-out piece are dropped, because only training is augmented. */
function assignSplits(spool: Spool, options: PrepareOptions, read: ReadReport): void {
  const given = (name: SplitName): boolean => spool.pieces.some(({ split }) => split === name);
  const shares = sharesOf(options);
  const open = [...new Set(spool.pieces.filter(({ split }) => split === undefined).map(({ source }) => source))];
  const names = dividePieces(open.length, shares ?? [1, 0, 0], options.seed ?? 0);
  const splitOf = new Map(open.map((source, i) => [source, names[i]]));
  for (const piece of spool.pieces) piece.split ??= splitOf.get(piece.source);
  const kept = spool.pieces.filter(
    ({ split, transpose, stretch }) => split === 'train' || (transpose === 0 && stretch === 1),
  );
  spool.pieces.splice(0, Infinity, ...kept);
  if (given('train')) return;
  const first = read.skipped[0];
  const why = first === undefined ? '' : ` (the first: ${first.file}: ${first.reason})`;
  throw new DatasetError(
    'RONDO_DATASET_EMPTY',
    `no usable file to train on among ${read.ok + read.skipped.length}, ${read.skipped.length} skipped${why}`,
  );
}

/**
 * How the inputs are divided, null if they all train: a given `valid` leaves nothing to divide, a given `test` leaves
 * validation to be taken, and a `split` asked for says it all, but for what is given.
 */
function sharesOf({ split, valid, test }: PrepareOptions): [number, number, number] | null {
  if (valid !== undefined && (test !== undefined || split === undefined)) return null;
  const [trainShare, validShare, testShare] = split ?? DEFAULT_SPLIT;
  return [trainShare, valid === undefined ? validShare : 0, test === undefined ? testShare : 0];
}

function progressOf(spool: Spool, { onProgress }: PrepareOptions): (written: number) => void {
  const total = spool.pieces.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  return (written) => {
    done = Math.min(total, done + written);
    onProgress?.({ phase: 'write', done, total });
  };
}

/** Writes tokenizer and manifest, measures the baselines from the written ids, and completes the manifest. */
async function finish(
  dir: string,
  tokenizer: Tokenizer,
  splits: Record<SplitName, SplitSummary>,
  options: PrepareOptions,
  read: ReadReport,
): Promise<DatasetManifest> {
  writeFileSync(join(dir, TOKENIZER_FILE), `${JSON.stringify(tokenizer.toJSON())}\n`, { flush: true });
  const manifest: DatasetManifest = {
    format: 'rondo-dataset',
    formatVersion: 1,
    scheme: tokenizer.scheme.config,
    tokenizerFingerprint: tokenizer.fingerprint,
    vocabulary: tokenizer.vocabulary.size,
    idBytes: idBytesOf(tokenizer),
    splits,
    baselines: null,
    baselinesOn: splits.valid.tokens > 0 ? 'valid' : splits.test.tokens > 0 ? 'test' : 'train',
    preparation: {
      seed: options.seed ?? 0,
      split: sharesOf(options),
      transpose: [...(options.transpose ?? ([0, 0] as const))],
      stretch: [...(options.stretch ?? [])],
      ...(tokenizer.conditions.length === 0 ? {} : { conditionDropout: options.conditionDropout ?? DEFAULT_DROPOUT }),
    },
    sources: { ok: read.ok, skipped: read.skipped.map(({ label, reason }) => ({ file: label, reason })) },
  };
  const path = join(dir, MANIFEST_FILE);
  writeManifest(path, manifest);
  const complete = { ...manifest, baselines: await measureBaselines(dir, manifest) };
  writeManifest(path, complete);
  return complete;
}

function writeManifest(path: string, manifest: DatasetManifest): void {
  // Through the canonical form and back, so that equal datasets have equal bytes.
  const text = JSON.stringify(JSON.parse(canonicalJson(manifest as never)), null, 2);
  writeFileSync(path, `${text}\n`, { flush: true });
}

async function measureBaselines(dir: string, manifest: DatasetManifest): Promise<Baselines | null> {
  const dataset = await openDataset(dir);
  try {
    const train = dataset.split('train');
    const model = NgramModel.fit(() => pieceIds(train), manifest.vocabulary, heldBack(train.pieces));
    const score = model.score(pieceIds(dataset.split(manifest.baselinesOn)));
    return score === null ? null : { unigram: score.unigram, bigram: score.bigram };
  } finally {
    await dataset.close();
  }
}

/** Every tenth file (the last of a few) sets the weights of the baselines, with all its transposed copies. */
function heldBack(pieces: readonly PieceEntry[]): (piece: number) => boolean {
  const numbers = new Map<string, number>();
  for (const { file } of pieces) if (!numbers.has(file)) numbers.set(file, numbers.size);
  const every = Math.max(2, Math.min(10, numbers.size));
  return (piece) => ((numbers.get(pieces[piece].file) as number) + 1) % every === 0;
}

function reportOf(
  dataset: string,
  { splits, vocabulary, baselines }: DatasetManifest,
  read: ReadReport,
  kinds: readonly ConditionKind[],
  pieces: number,
  seconds: number,
): PrepareReport {
  const per = (value: (summary: SplitSummary) => number): Record<SplitName, number> => {
    const [train, valid, test] = SPLIT_NAMES.map((name) => value(splits[name]));
    return { train, valid, test };
  };
  const skipped = read.skipped.map(({ file, reason }) => ({ file, reason }));
  return {
    dataset,
    files: { ok: read.ok, skipped, duplicates: read.duplicates },
    pieces,
    tokens: per(({ tokens }) => tokens),
    unknown: per(({ unknown }) => unknown),
    ...(splits.train.frames === undefined ? {} : { frames: per(({ frames }) => frames ?? 0) }),
    vocabulary,
    ...(kinds.length === 0 ? {} : { conditions: countConditions(read, kinds) }),
    baselines,
    seconds,
  };
}
