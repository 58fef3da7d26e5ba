import type { NoteRow } from './note-table.js';

/** The note table of one piece. */
export interface NamedTable {
  readonly file: string;
  readonly rows: readonly NoteRow[];
}

/** Times are numbers of 64 bits, keys and velocities of 32. */
const COLUMNS = [
  { name: 'pitch', type: 'INT32' },
  { name: 'name', type: 'STRING' },
  { name: 'start', type: 'DOUBLE' },
  { name: 'end', type: 'DOUBLE' },
  { name: 'step', type: 'DOUBLE' },
  { name: 'duration', type: 'DOUBLE' },
  { name: 'velocity', type: 'INT32' },
  { name: 'instrument', type: 'STRING' },
] as const;

/** Note tables as one Apache Parquet file, with the piece in the column `file`, for data tools. */
export async function noteTableParquet(tables: readonly NamedTable[]): Promise<Uint8Array> {
  // Loaded when it is needed: most programs never write a Parquet file.
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const rows = tables.flatMap((table) => table.rows);
  const file = tables.flatMap((table) => table.rows.map(() => table.file));
  const columnData = [
    { name: 'file', type: 'STRING' as const, data: file, nullable: false },
    ...COLUMNS.map(({ name, type }) => ({ name, type, data: rows.map((row) => row[name]), nullable: false })),
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
