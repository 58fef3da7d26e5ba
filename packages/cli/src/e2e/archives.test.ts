import fs from 'node:fs';
import path from 'node:path';
import { writeMidi } from '@rondo/tokenizer';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { tarGzOf, zipOf, type ArchiveFiles } from '../testing/archives.js';
import { makePiece } from '../testing/pieces.js';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';

interface Inspected {
  files: { file: string; statistics: { notes: number } }[];
  skipped: { file: string; reason: string }[];
}

const folder = temporaryFolder();
const temporary = path.join(folder, 'tmp');
const archives = ['corpus.zip', 'corpus.tar.gz'].map((name) => path.join(folder, name));

beforeAll(() => {
  const files: ArchiveFiles = [
    ['songs/b.mid', writeMidi(makePiece(1))],
    ['songs/a.mid', writeMidi(makePiece(2))],
    ['other/a.mid', writeMidi(makePiece(3))],
    ['songs/broken.mid', Buffer.from('no MIDI at all')],
    ['songs/read-me.txt', Buffer.from('text')],
  ];
  for (const [index, pack] of [zipOf, tarGzOf].entries()) fs.writeFileSync(archives[index], pack(files));
  fs.mkdirSync(temporary);
});

describe('rondo inspect of an archive', () => {
  it.each(archives)('reads %s as prepare does, under the same names', async (archive) => {
    const out = (name: string) => path.join(folder, `${path.basename(archive)}-${name}`);
    const [csv, html, parquet, data] = ['csv', 'page.html', 'notes.parquet', 'data'].map(out);
    const args = ['inspect', archive, '--json', '--no-notes', '--csv', csv, '--html', html, '--parquet', parquet];
    const { code, stdout, stderr } = await rondo(args, { env: { TMPDIR: temporary } });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('broken.mid') as string });
    const { files, skipped } = JSON.parse(stdout) as Inspected;
    const prepared = await rondoJson<{ files: Inspected }>(['prepare', archive, '--out', data, '--split', '100/0/0']);
    const names = ['other/a.mid', 'songs/a.mid', 'songs/b.mid'].map((name) => path.join(archive, name));
    expect(files.map(({ file }) => file)).toEqual(names);
    expect(skipped).toEqual(prepared.files.skipped);
    expect(skipped).toMatchObject([{ file: path.join(archive, 'songs/broken.mid') }]);
    const pieces = fs.readFileSync(path.join(data, 'train.pieces.jsonl'), 'utf8').trim().split('\n');
    expect(pieces.map((line) => (JSON.parse(line) as { file: string }).file)).toEqual(
      names.map((name) => path.relative(folder, name).replaceAll('\\', '/')),
    );
    expect(fs.readdirSync(csv).sort()).toEqual(['a-2.csv', 'a.csv', 'b.csv']);
    expect(fs.readFileSync(html, 'utf8')).toMatch(/songs\/b\.mid/);
    const rows = await parquetReadObjects({ file: new Uint8Array(fs.readFileSync(parquet)).buffer, columns: ['file'] });
    expect([...new Set(rows.map(({ file }) => file as string))]).toEqual(names);
    expect(rows).toHaveLength(files.reduce((sum, { statistics }) => sum + statistics.notes, 0));
    expect(fs.readdirSync(temporary)).toEqual([]);
  });

  it('takes patterns, and one piece as a single file', async () => {
    const { files } = await rondoJson<Inspected>(['inspect', path.join(folder, 'corpus.{zip,tar.gz}'), '--no-notes']);
    expect(files).toHaveLength(6);
    const one = path.join(folder, 'one.zip');
    fs.writeFileSync(one, zipOf([['a.mid', writeMidi(makePiece(1))]]));
    const csv = path.join(folder, 'one.csv');
    await rondoJson(['inspect', one, '--no-notes', '--csv', csv]);
    expect(fs.readFileSync(csv, 'utf8').split('\n').length).toBeGreaterThan(8 * 5);
  });

  it.each([
    ['a cut archive', () => fs.readFileSync(archives[1]).subarray(0, 300), /damaged/],
    ['one without MIDI files', () => tarGzOf([['a.txt', Buffer.from('a')]]), /no usable MIDI file/],
    ['one whose only piece is bad', () => tarGzOf([['x/a.mid', Buffer.from('a')]]), /x.a\.mid: /],
  ])('says in one line what is wrong with %s', async (_, bytes, line) => {
    const bad = path.join(folder, 'bad.tar.gz');
    fs.writeFileSync(bad, bytes());
    const { code, stdout, stderr } = await rondo(['inspect', bad], { env: { TMPDIR: temporary } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n').at(-1)).toMatch(line);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(fs.readdirSync(temporary)).toEqual([]);
  });
});
