import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { tune } from '../testing/corpus-tunes.js';
import { noteTable } from './note-table.js';
import { NoteTableFile, noteTableParquet } from './parquet.js';

describe('noteTableParquet', () => {
  it('is read back by a Parquet reader row for row, with the piece of each', async () => {
    const tables = [1, 2].map((seed) => ({ file: `tune "${seed}", é.mid`, rows: noteTable(tune(seed)) }));
    const bytes = await noteTableParquet(tables);
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });
    expect(rows).toEqual(tables.flatMap(({ file, rows: all }) => all.map((row) => ({ file, ...row }))));
  });

  it('takes pieces one by one, in several groups of rows', async () => {
    const file = new NoteTableFile();
    const rows = noteTable(tune(3, 6000));
    for (let piece = 0; piece < 20; piece += 1) await file.add(`${piece}.mid`, rows);
    const read = await parquetReadObjects({ file: (await file.finish()).slice().buffer, columns: ['file', 'pitch'] });
    expect(read).toHaveLength(120_000);
    expect(read[119_999]).toEqual({ file: '19.mid', pitch: rows[5999].pitch });
  });

  it('of no notes has its columns all the same', async () => {
    const bytes = await noteTableParquet([]);
    expect(await parquetReadObjects({ file: bytes.slice().buffer })).toEqual([]);
  });
});
