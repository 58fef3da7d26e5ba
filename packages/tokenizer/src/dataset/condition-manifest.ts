import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { z } from 'zod';
import { CONDITION_KINDS, type ConditionKind, type ConditionValues } from '../conditions/condition.js';
import { parseCsv } from '../table/parse-csv.js';
import { sha256Hex } from '../tokenizer/fingerprint.js';
import { DatasetError } from './dataset-error.js';

const valuesSchema = z.partialRecord(z.enum(CONDITION_KINDS), z.union([z.string(), z.number()]));
const rowSchema = z.looseObject({ file: z.string() });

/**
 * Conditions of files, from a table that the user wrote: CSV with a column `file` and one for each kind, JSON with an
 * array of such rows, or a JSON object of rows by file. A file is named by its path from any folder above it on.
 */
export class ConditionManifest {
  private constructor(
    private readonly rows: ReadonlyMap<string, ConditionValues>,
    /** Changes with the text of the file. */
    readonly fingerprint: string,
  ) {}

  /** @throws DatasetError RONDO_DATASET_INPUT for what cannot be read or is no such table. */
  static read(path: string): ConditionManifest {
    const wrong = (why: string): DatasetError =>
      new DatasetError('RONDO_DATASET_INPUT', `the manifest ${path} ${why}: expected a table with a column "file"`);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      throw wrong(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
    const rows = extname(path).toLowerCase() === '.json' ? jsonRows(text) : csvRows(text);
    if (rows === undefined) throw wrong('holds something else');
    return new ConditionManifest(new Map(rows.map(({ file, values }) => [normalPath(file), values])), sha256Hex(text));
  }

  /** What the table says of a file; the longest name that fits counts. */
  valuesOf(label: string): ConditionValues {
    const parts = normalPath(label).split('/');
    for (let from = 0; from < parts.length; from += 1) {
      const values = this.rows.get(parts.slice(from).join('/'));
      if (values !== undefined) return values;
    }
    return {};
  }
}

interface Row {
  readonly file: string;
  readonly values: ConditionValues;
}

function csvRows(text: string): Row[] | undefined {
  const rows = parseCsv(text);
  return rows.some((row) => row['file'] === undefined) ? undefined : rows.map((row) => rowOf(row['file'], row));
}

function jsonRows(text: string): Row[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = z.array(rowSchema).safeParse(json);
  if (list.success) return list.data.map((row) => rowOf(row.file, row));
  const map = z.record(z.string(), z.looseObject({})).safeParse(json);
  return map.success ? Object.entries(map.data).map(([file, row]) => rowOf(file, row)) : undefined;
}

/** Empty fields say nothing; other columns are the user's own. */
function rowOf(file: string, row: Readonly<Record<string, unknown>>): Row {
  const said = CONDITION_KINDS.map((kind): [ConditionKind, unknown] => [kind, row[kind]]);
  const values = valuesSchema.safeParse(Object.fromEntries(said.filter(([, value]) => isSaid(value))));
  return { file, values: values.success ? values.data : {} };
}

function isSaid(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
}

function normalPath(path: string): string {
  return path
    .normalize('NFC')
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '');
}
