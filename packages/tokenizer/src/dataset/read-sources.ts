import { parseConditionToken, type ConditionKind } from '../conditions/condition.js';
import type { SchemeConfig } from '../schemes/scheme.js';
import { canonicalJson } from '../tokenizer/fingerprint.js';
import type { ConditionSources } from './condition-sources.js';
import { isAsWritten, isUnmoved } from './as-written.js';
import { DatasetError, refuseAborted } from './dataset-error.js';
import { IngestPool, type PooledResult, type TaskList } from './ingest-pool.js';
import type { IngestSettings } from './ingest.js';
import { Journal, type JournalEntry } from './journal.js';
import type { SourceList } from './source-list.js';
import type { Spool } from './spool.js';
import type { PrepareOptions, SkippedFile } from './types.js';

/** What reading the files came to; the ids are in the spool. */
export interface ReadReport {
  ok: number;
  /** By the user's path, and by the label that the dataset keeps. */
  skipped: (SkippedFile & { label: string })[];
  duplicates: { file: string; of: string }[];
  /** Tokens by provisional id. */
  tokens: readonly string[];
  spool: Spool;
}

/**
 * Reads every source into a spool in `folder`, in order; later files with the notes of an earlier one are duplicates.
 * What an interrupted run of the same options left in the folder is taken over.
 */
export async function readSources(
  sources: SourceList,
  scheme: SchemeConfig,
  options: PrepareOptions,
  conditions: ConditionSources,
  folder: string,
): Promise<ReadReport> {
  const { transpose = [0, 0] as const, stretch = [], velocityShift = [], alone = [], workers } = options;
  // What is not asked for is not named, so that work which an earlier version began goes on.
  const rarer = { ...(velocityShift.length === 0 ? {} : { velocityShift }), ...(alone.length === 0 ? {} : { alone }) };
  const copies = { transpose, stretch, ...rarer };
  const settings: IngestSettings = { scheme, ...copies, conditions: conditions.kinds };
  const everything = { ...settings, values: conditions.settings, files: sources.fingerprint() };
  const pool = new IngestPool(settings, workers);
  const journal = new Journal(folder, canonicalJson(everything as never));
  const reading = new Reading(sources, journal, pool);
  try {
    const done = reading.recall();
    for await (const result of pool.run(tasksOf(sources, conditions), done)) {
      refuseAborted(options.signal);
      reading.take(result);
      options.onProgress?.({ phase: 'read', done: result.task + 1, total: sources.length });
    }
    journal.sync();
    return reading.report;
  } catch (error) {
    if (error instanceof DatasetError && error.code === 'RONDO_DATASET_ABORTED') journal.sync();
    journal.spool.close();
    throw error;
  }
}

function tasksOf(sources: SourceList, conditions: ConditionSources): TaskList {
  const { files } = sources;
  return {
    length: files.length,
    at: (i) => ({
      path: files[i].location,
      member: files[i].member,
      augment: sources.given(i) === undefined,
      given: conditions.valuesOf(files[i]),
    }),
  };
}

/** Takes the results in their order, from the journal or from the pool. */
class Reading {
  readonly report: ReadReport;
  private readonly firstOf = new Map<string, number>();
  private noted = 0;

  constructor(
    private readonly sources: SourceList,
    private readonly journal: Journal,
    private readonly pool: IngestPool,
  ) {
    this.report = { ok: 0, skipped: [], duplicates: [], tokens: pool.tokens, spool: journal.spool };
  }

  /** Takes over what an earlier run did. @returns the number of files */
  recall(): number {
    let source = 0;
    for (const { reason, hash, pieces, tokens } of this.journal.recall()) {
      this.pool.recall(tokens);
      if (this.isTaken(source, hash, reason)) {
        const split = this.sources.given(source);
        for (const [transpose, stretch, prefix, length, velocityShift = 0, alone] of pieces) {
          this.journal.spool.recall({ source, transpose, stretch, velocityShift, alone, prefix, length, split });
        }
      }
      source += 1;
    }
    this.noted = this.pool.tokens.length;
    return source;
  }

  take({ task, reason, hash, variants }: PooledResult): void {
    const pieces: JournalEntry['pieces'][number][] = [];
    if (this.isTaken(task, hash, reason)) {
      const split = this.sources.given(task);
      for (const { ids, transpose, stretch, velocityShift, alone, prefix } of variants) {
        this.journal.spool.add({ source: task, transpose, stretch, velocityShift, alone, prefix, split }, ids);
        const entry = [transpose, stretch, prefix, ids.length] as const;
        if (alone !== undefined) pieces.push([...entry, velocityShift, alone]);
        else pieces.push(velocityShift === 0 ? entry : [...entry, velocityShift]);
      }
    }
    const tokens = this.pool.tokens.slice(this.noted);
    this.noted += tokens.length;
    this.journal.note({ reason, hash, pieces, tokens });
  }

  /** Whether the pieces of a file are wanted; if not, the report says why. */
  private isTaken(source: number, hash: string, reason: string | undefined): boolean {
    const { report, sources } = this;
    const { path, label } = sources.files[source];
    const first = reason === undefined ? this.firstOf.get(hash) : undefined;
    const original = first === undefined ? '' : sources.files[first].path;
    if (reason !== undefined) report.skipped.push({ file: path, label, reason });
    else if (first === undefined) this.firstOf.set(hash, source);
    else if (sources.given(source) !== undefined) report.duplicates.push({ file: path, of: original });
    else report.skipped.push({ file: path, label, reason: `duplicate: the same notes as ${original}` });
    const isTaken = reason === undefined && (first === undefined || sources.given(source) !== undefined);
    if (isTaken) report.ok += 1;
    return isTaken;
  }
}

/** Pieces (as written) by value for each kind, the most frequent first; parts alone by the pieces that train them. */
export function countConditions(
  { tokens, spool }: ReadReport,
  kinds: readonly ConditionKind[],
): { [kind in ConditionKind]?: Record<string, number> } {
  const counts = new Map<number, number>();
  for (const piece of kinds.length === 0 ? [] : spool.pieces) {
    const isPart = piece.alone !== undefined && piece.split === 'train' && isUnmoved(piece);
    if (!isPart && !isAsWritten(piece)) continue;
    // Of a copy the first condition alone counts, the name of the part: the others were counted with the piece.
    for (const id of spool.read({ offset: piece.offset, length: isPart ? 1 : piece.prefix }))
      counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, more], [b, less]) => less - more || (tokens[a] < tokens[b] ? -1 : 1));
  const of = (kind: ConditionKind): Record<string, number> =>
    Object.fromEntries(
      sorted.flatMap(([id, count]) => {
        const condition = parseConditionToken(tokens[id]);
        return condition?.kind === kind ? [[condition.value, count]] : [];
      }),
    );
  return Object.fromEntries(kinds.map((kind) => [kind, of(kind)]));
}
