import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, tune, tunes, writeCorpus } from '../testing/corpus.js';
import { IdWriter } from './id-file.js';
import { openDataset } from './open-dataset.js';
import { writeError } from './output-folder.js';
import { prepareDataset } from './prepare.js';

const folder = temporaryFolders();

async function dataset(files = tunes(4)): Promise<string> {
  const root = folder();
  writeCorpus(join(root, 'midi'), files);
  await prepareDataset({ inputs: [join(root, 'midi')], out: join(root, 'set'), split: [100, 0, 0] });
  return join(root, 'set');
}

const corrupt = expect.objectContaining({ code: 'RONDO_DATASET_CORRUPT' });

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

describe('reading ids', () => {
  it('gives the same ids by any position and length, across pages', async () => {
    const dir = await dataset({ 'long.mid': tune(3, 12_000), 'short.mid': tune(4, 5) });
    const open = await openDataset(dir);
    const train = open.split('train');
    const bytes = readFileSync(join(dir, 'train.ids'));
    const all = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    expect(train.tokens).toBeGreaterThan(40_000);
    for (const [position, count] of [
      [0, 1],
      [32_760, 20],
      [32_768, 1],
      [0, train.tokens],
      [train.tokens - 3, 3],
      [7, 0],
    ]) {
      const out = new Int32Array(count + 2).fill(-1);
      train.read(position, count, out, 1);
      expect(out).toEqual(Int32Array.from([-1, ...all.subarray(position, position + count), -1]));
    }
    for (const [position, count, offset] of [
      [train.tokens, 1, 0],
      [-1, 1, 0],
      [0, 5, 6],
      [0.5, 1, 0],
    ]) {
      expect(() => train.read(position, count, new Int32Array(10), offset)).toThrow(expect.objectContaining({ code: 'RONDO_DATASET_RANGE' })); // prettier-ignore
    }
    await open.close();
  });

  it('windows point into pieces', async () => {
    const open = await openDataset(await dataset());
    const train = open.split('train');
    const windows = train.windows(10, 5);
    const out = new Int32Array(10);
    for (const { piece, position } of windows) {
      train.read(position, windows.length, out);
      expect(position + 10).toBeLessThanOrEqual(train.pieces[piece].offset + train.pieces[piece].length);
      expect(out.subarray(1)).not.toContain(open.tokenizer.bos);
    }
    await open.close();
  });

  it('after close is an error, twice closed is fine', async () => {
    const open = await openDataset(await dataset());
    await open.close();
    await open.close();
    expect(() => open.split('train').read(0, 1, new Int32Array(1))).toThrow(expect.objectContaining({ code: 'RONDO_DATASET_CLOSED' })); // prettier-ignore
  });
});

describe('a damaged dataset', () => {
  it('is told apart from none at all', async () => {
    await expect(openDataset(folder())).rejects.toThrow(expect.objectContaining({ code: 'RONDO_DATASET_MISSING' }));
  });

  it('is refused at opening, with the file and what is wrong', async () => {
    const good = await dataset();
    const broken = async (name: string, harm: (path: string) => void): Promise<void> => {
      const dir = join(folder(), 'set');
      cpSync(good, dir, { recursive: true });
      harm(join(dir, name));
      await expect(openDataset(dir), name).rejects.toThrow(corrupt);
      await expect(openDataset(dir), name).rejects.toThrow(new RegExp(name.replaceAll('.', '\\.')));
    };
    await broken('train.ids', (path) => truncateSync(path, 11));
    await broken('valid.ids', (path) => rmSync(path));
    await broken('dataset.json', (path) => truncateSync(path, 40));
    await broken('dataset.json', (path) => edit(path, (text) => text.replace('"idBytes": 2', '"idBytes": 3')));
    await broken('tokenizer.json', (path) => truncateSync(path, 40));
    await broken('train.pieces.jsonl', (path) => edit(path, (text) => text.slice(0, text.lastIndexOf('{'))));
    await broken('train.pieces.jsonl', (path) => edit(path, (text) => text.replace('"offset":0', '"offset":1')));
  });

  it('with the tokenizer of another one is refused by both names', async () => {
    const [one, other] = [await dataset(), await dataset(tunes(9, 30))];
    cpSync(join(other, 'tokenizer.json'), join(one, 'tokenizer.json'));
    await expect(openDataset(one)).rejects.toThrow(/dataset\.json.*tokenizer\.json/);
  });

  it('with an id outside the vocabulary is refused when it is read; verify finds any changed id', async () => {
    const dir = await dataset();
    const path = join(dir, 'train.ids');
    const bytes = readFileSync(path);
    bytes.writeUInt16LE(1, 8);
    writeFileSync(path, bytes);
    await expect(openDataset(dir, { verify: true })).rejects.toThrow(/train\.ids.*checksum/);
    bytes.writeUInt16LE(60_000, 8);
    writeFileSync(path, bytes);
    const open = await openDataset(dir);
    expect(() => open.split('train').read(0, 10, new Int32Array(10))).toThrow(corrupt);
    expect(() => open.split('train').read(0, 10, new Int32Array(10))).toThrow(/id 60000 at 4/);
    await open.close();
  });
});

describe('writing ids', () => {
  it.skipIf(process.platform !== 'linux')('a full disk is one clear line', () => {
    const writer = new IdWriter('/dev/full', 2);
    writer.write([1, 2, 3]);
    let caught: unknown;
    try {
      writer.finish();
    } catch (error) {
      caught = error;
    }
    writer.abandon();
    expect(writeError('/music/set', caught)).toMatchObject({
      code: 'RONDO_DATASET_WRITE',
      message: 'the dataset /music/set cannot be written: the disk is full; nothing was changed',
    });
  });
});
