import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { tune } from '../testing/corpus-tunes.js';
import { noteTable } from './note-table.js';
import { noteTableParquet } from './parquet.js';

describe('noteTableParquet', () => {
  it('is read back by a Parquet reader row for row, with the piece of each', async () => {
    const tables = [1, 2].map((seed) => ({ file: `tune "${seed}", é.mid`, rows: noteTable(tune(seed)) }));
    const bytes = await noteTableParquet(tables);
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });
    expect(rows).toEqual(tables.flatMap(({ file, rows: all }) => all.map((row) => ({ file, ...row }))));
  });

  it('of no notes has its columns all the same', async () => {
    const bytes = await noteTableParquet([]);
    expect(await parquetReadObjects({ file: bytes.slice().buffer })).toEqual([]);
  });
});
