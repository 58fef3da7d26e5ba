import type { ByteWriter, ColumnSource, ParquetWriter } from 'hyparquet-writer';
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
const ROWS_PER_GROUP = 100_000;

/**
 * Note tables as one Apache Parquet file, with the piece in the column `file`, for data tools. Pieces come one by one:
 * what they take in memory is the compressed file and one group of rows.
 */
export class NoteTableFile {
  private files: string[] = [];
  private rows: NoteRow[] = [];
  private sink: { bytes: ByteWriter; parquet: ParquetWriter } | undefined;

  async add(file: string, rows: readonly NoteRow[]): Promise<void> {
    for (const row of rows) {
      this.files.push(file);
      this.rows.push(row);
    }
    if (this.rows.length >= ROWS_PER_GROUP) await this.flush();
  }

  /** The bytes of the file. */
  async finish(): Promise<Uint8Array> {
    if (this.rows.length > 0 || this.sink === undefined) await this.flush();
    const { bytes, parquet } = this.sink as NonNullable<typeof this.sink>;
    await parquet.finish();
    return bytes.getBytes();
  }

  private async flush(): Promise<void> {
    // Loaded when it is needed: most programs never write a Parquet file.
    const library = await import('hyparquet-writer');
    const columnData: ColumnSource[] = [
      { name: 'file', type: 'STRING', data: this.files, nullable: false },
      ...COLUMNS.map(({ name, type }) => ({ name, type, data: this.rows.map((row) => row[name]), nullable: false })),
    ];
    if (this.sink === undefined) {
      const bytes = new library.ByteWriter();
      const schema = library.schemaFromColumnData({ columnData });
      this.sink = { bytes, parquet: new library.ParquetWriter({ writer: bytes, schema }) };
    }
    await this.sink.parquet.write({ columnData, rowGroupSize: ROWS_PER_GROUP * 2 });
    [this.files, this.rows] = [[], []];
  }
}

/** Several note tables as one Parquet file. */
export async function noteTableParquet(tables: readonly NamedTable[]): Promise<Uint8Array> {
  const file = new NoteTableFile();
  for (const table of tables) await file.add(table.file, table.rows);
  return file.finish();
}
