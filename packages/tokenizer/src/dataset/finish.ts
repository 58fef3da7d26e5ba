import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { NgramModel } from '../baselines/ngram.js';
import type { ConditionKind } from '../conditions/condition.js';
import { canonicalJson } from '../tokenizer/fingerprint.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { refuseAborted } from './dataset-error.js';
import { DEFAULT_DROPOUT } from './condition-dropout.js';
import { sharesOf } from './divide.js';
import { MANIFEST_FILE, TOKENIZER_FILE } from './manifest.js';
import { openDataset } from './open-dataset.js';
import { pieceIds } from './piece-stream.js';
import { countConditions, type ReadReport } from './read-sources.js';
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
import { idBytesOf } from './write-splits.js';

/** Writes tokenizer and manifest, measures the baselines from the written ids, and completes the manifest. */
export async function finish(
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
      ...(options.velocityShift?.length ? { velocityShift: [...options.velocityShift] } : {}),
      ...(options.alone?.length ? { alone: [...options.alone] } : {}),
      ...(hasOwn(options) ? { conditionDropout: options.conditionDropout ?? DEFAULT_DROPOUT } : {}),
      ...(options.bpe === undefined ? {} : { bpe: options.bpe }),
    },
    sources: { ok: read.ok, skipped: read.skipped.map(({ label, reason }) => ({ file: label, reason })) },
  };
  const path = join(dir, MANIFEST_FILE);
  writeManifest(path, manifest);
  const complete = { ...manifest, baselines: await measureBaselines(dir, manifest, options.signal) };
  writeManifest(path, complete);
  return complete;
}

/** Whether pieces have conditions of their own, beside the name of a part that copies have. */
function hasOwn({ conditions = {} }: PrepareOptions): boolean {
  return Object.values(conditions).some((source) => source !== undefined);
}

function writeManifest(path: string, manifest: DatasetManifest): void {
  // Through the canonical form and back, so that equal datasets have equal bytes.
  const text = JSON.stringify(JSON.parse(canonicalJson(manifest as never)), null, 2);
  writeFileSync(path, `${text}\n`, { flush: true });
}

async function measureBaselines(
  dir: string,
  { vocabulary, baselinesOn }: DatasetManifest,
  signal: AbortSignal | undefined,
): Promise<Baselines | null> {
  const dataset = await openDataset(dir);
  try {
    const [train, measured] = [dataset.split('train'), dataset.split(baselinesOn)];
    const model = await NgramModel.fit({
      pieces: () => pieceIds(train),
      vocabulary,
      heldBack: heldBack(train.pieces),
      breathe: async () => {
        await setImmediate();
        refuseAborted(signal);
      },
    });
    const score = await model.score(() => pieceIds(measured));
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

/** What `rondo prepare` prints; the caller adds the time. */
export function reportOf(
  dataset: string,
  { splits, vocabulary, baselines, preparation }: DatasetManifest,
  merges: number,
  read: ReadReport,
  kinds: readonly ConditionKind[],
): PrepareReport {
  const per = (value: (summary: SplitSummary) => number): Record<SplitName, number> => {
    const [train, valid, test] = SPLIT_NAMES.map((name) => value(splits[name]));
    return { train, valid, test };
  };
  const skipped = read.skipped.map(({ file, reason }) => ({ file, reason }));
  return {
    dataset,
    files: { ok: read.ok, skipped, duplicates: read.duplicates },
    pieces: splitPieces(read),
    tokens: per(({ tokens }) => tokens),
    unknown: per(({ unknown }) => unknown),
    ...(splits.train.notes === undefined ? {} : { notes: per(({ notes }) => notes ?? 0) }),
    ...(preparation.bpe === undefined ? {} : { merges, plainTokens: per(({ plainTokens }) => plainTokens ?? 0) }),
    ...(splits.train.frames === undefined ? {} : { frames: per(({ frames }) => frames ?? 0) }),
    vocabulary,
    ...(kinds.length === 0 ? {} : { conditions: countConditions(read, kinds) }),
    baselines,
    seconds: 0,
  };
}

/** Files with a piece in a split. */
function splitPieces({ spool }: ReadReport): number {
  const sources = new Set<number>();
  for (const { source, split } of spool.pieces) if (split !== undefined) sources.add(source);
  return sources.size;
}
