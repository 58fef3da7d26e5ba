import { parseConditionToken, type ConditionKind } from '../conditions/condition.js';
import type { SchemeConfig } from '../schemes/scheme.js';
import { DatasetError } from './dataset-error.js';
import type { ConditionSources } from './condition-sources.js';
import { findMidiFiles, type SourceFile } from './find-files.js';
import { IngestPool, type PooledResult } from './ingest-pool.js';
import type { Spool } from './spool.js';
import type { PrepareOptions, SkippedFile, SplitName } from './types.js';

/** A file, and the split it was given for; undefined for the inputs. */
interface Source extends SourceFile {
  readonly given: SplitName | undefined;
}

/** What reading the files came to; the ids are in the spool. */
export interface ReadReport {
  ok: number;
  /** By the user's path, and by the label that the dataset keeps. */
  skipped: (SkippedFile & { label: string })[];
  duplicates: { file: string; of: string }[];
  /** Tokens by provisional id. */
  tokens: readonly string[];
  /** Pieces by the provisional id of each condition token. */
  conditions: Map<number, number>;
}

/** All files of the options, each for one split: what is given as held-out does not train. */
export async function findSources(options: PrepareOptions): Promise<Source[]> {
  const list = (given: string | readonly string[] | undefined): readonly string[] =>
    given === undefined ? [] : typeof given === 'string' ? [given] : given;
  const valid = await findMidiFiles(list(options.valid));
  const test = await findMidiFiles(list(options.test));
  const inputs = await findMidiFiles(options.inputs);
  const taken = new Set([...valid, ...test].map(({ real }) => real));
  const training = inputs.filter(({ real }) => !taken.has(real));
  return [
    ...training.map((file) => ({ ...file, given: undefined })),
    ...valid.map((file) => ({ ...file, given: 'valid' as const })),
    ...test.map((file) => ({ ...file, given: 'test' as const })),
  ];
}

/** Reads every source into the spool, in order; later files with the notes of an earlier one are duplicates. */
export async function readSources(
  sources: readonly Source[],
  scheme: SchemeConfig,
  options: PrepareOptions,
  conditions: ConditionSources,
  spool: Spool,
): Promise<ReadReport> {
  const settings = {
    scheme,
    transpose: options.transpose ?? ([0, 0] as const),
    stretch: options.stretch ?? [],
    conditions: conditions.kinds,
  };
  const pool = new IngestPool(settings, options.workers);
  const report: ReadReport = { ok: 0, skipped: [], duplicates: [], tokens: pool.tokens, conditions: new Map() };
  const firstOf = new Map<string, string>();
  const tasks = sources.map((source) => ({
    path: source.path,
    augment: source.given === undefined,
    given: conditions.valuesOf(source),
  }));
  for await (const result of pool.run(tasks)) {
    if (options.signal?.aborted === true) {
      throw new DatasetError('RONDO_DATASET_ABORTED', 'stopped before the dataset was complete; nothing was changed');
    }
    take(sources[result.task], result, firstOf, spool, report);
    options.onProgress?.({ phase: 'read', done: result.task + 1, total: sources.length });
  }
  return report;
}

function take(
  source: Source,
  result: PooledResult,
  firstOf: Map<string, string>,
  spool: Spool,
  report: ReadReport,
): void {
  const { path, label, given } = source;
  const skip = (reason: string): void => void report.skipped.push({ file: path, label, reason });
  if (result.reason !== undefined) return skip(result.reason);
  const first = firstOf.get(result.hash);
  if (first !== undefined && given === undefined) return skip(`duplicate: the same notes as ${first}`);
  if (first === undefined) firstOf.set(result.hash, path);
  else report.duplicates.push({ file: path, of: first });
  report.ok += 1;
  const [written] = result.variants;
  for (const id of written.ids.subarray(0, written.prefix)) {
    report.conditions.set(id, (report.conditions.get(id) ?? 0) + 1);
  }
  for (const { ids, prefix, transpose, stretch } of result.variants) {
    spool.add({ file: label, source: result.task, transpose, stretch, prefix, split: given }, ids);
  }
}

/** Pieces by value for each kind, the most frequent first. */
export function countConditions(
  { tokens, conditions }: ReadReport,
  kinds: readonly ConditionKind[],
): { [kind in ConditionKind]?: Record<string, number> } {
  const counts = [...conditions].sort(([, a], [, b]) => b - a);
  const of = (kind: ConditionKind): Record<string, number> =>
    Object.fromEntries(
      counts.flatMap(([id, count]) => {
        const condition = parseConditionToken(tokens[id]);
        return condition?.kind === kind ? [[condition.value, count]] : [];
      }),
    );
  return Object.fromEntries(kinds.map((kind) => [kind, of(kind)]));
}
