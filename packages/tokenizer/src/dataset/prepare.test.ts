import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeMidi } from '../midi/write-midi.js';
import { transpose } from '../augment/augment.js';
import { listFolder, temporaryFolders, tune, tunes, writeCorpus } from '../testing/corpus.js';
import { openDataset } from './open-dataset.js';
import { pieceIds } from './piece-stream.js';
import { prepareDataset } from './prepare.js';
import { SPLIT_NAMES, type PrepareOptions, type PrepareReport } from './types.js';

const folder = temporaryFolders();

function place(): { root: string; midi: string; out: string } {
  const root = folder();
  return { root, midi: join(root, 'midi'), out: join(root, 'data', 'set') };
}

const reasons = (report: PrepareReport): Record<string, string> =>
  Object.fromEntries(report.files.skipped.map(({ file, reason }) => [basename(file), reason]));

function bytesOf(dir: string): Record<string, string> {
  return Object.fromEntries(listFolder(dir).map((name) => [name, readFileSync(join(dir, name), 'base64')]));
}

describe('prepare', () => {
  it('divides by piece, counts what it wrote, and the ids read back as the pieces', async () => {
    const { midi, out } = place();
    writeCorpus(midi, tunes(20));
    const report = await prepareDataset({ inputs: [midi], out, seed: 7 });
    expect(report).toMatchObject({ dataset: out, files: { ok: 20, skipped: [], duplicates: [] }, pieces: 20 });
    const dataset = await openDataset(out, { verify: true });
    expect(SPLIT_NAMES.map((name) => dataset.split(name).pieces.length)).toEqual([16, 2, 2]);
    const files = new Set<string>();
    for (const name of SPLIT_NAMES) {
      const split = dataset.split(name);
      expect(split.tokens).toBe(report.tokens[name]);
      let piece = 0;
      for (const ids of pieceIds(split)) {
        const { file } = split.pieces[piece++];
        files.add(file);
        const { scheme } = dataset.tokenizer;
        expect(dataset.tokenizer.countUnknown(ids) > 0 || ids.length > 2).toBe(true);
        if (name === 'train')
          expect(dataset.tokenizer.decode(ids)).toEqual(scheme.quantise(tune(Number.parseInt(file.slice(5), 10))));
      }
    }
    expect(files.size).toBe(20);
    expect(dataset.manifest.baselinesOn).toBe('valid');
    expect(report.baselines?.bigram).toBeLessThan(Math.log(report.vocabulary));
    expect(report.vocabulary).toBe(dataset.tokenizer.vocabulary.size);
    await dataset.close();
  });

  it('the same options give the same bytes, another seed another split', async () => {
    const { root, midi } = place();
    writeCorpus(midi, tunes(12));
    const make = async (name: string, rest: Partial<PrepareOptions>): Promise<Record<string, string>> => {
      await prepareDataset({ inputs: [midi], out: join(root, name), transpose: [-1, 1], ...rest });
      return bytesOf(join(root, name));
    };
    const first = await make('a', { seed: 1 });
    expect(await make('b', { seed: 1 })).toEqual(first);
    expect((await make('c', { seed: 2 }))['train.pieces.jsonl']).not.toBe(first['train.pieces.jsonl']);
  });

  it('transposes in training only, and keeps all copies of a piece on one side', async () => {
    const { midi, out } = place();
    writeCorpus(midi, { ...tunes(10), 'high.mid': transpose(tune(50), 127 - 72) });
    await prepareDataset({ inputs: [midi], out, transpose: [-2, 2], stretch: [0.9], split: [60, 20, 20] });
    const dataset = await openDataset(out);
    const train = dataset.split('train').pieces;
    const held = [...dataset.split('valid').pieces, ...dataset.split('test').pieces];
    expect(held.every(({ transpose, stretch }) => transpose === 0 && stretch === 1)).toBe(true);
    const names = new Set(held.map(({ file }) => file));
    expect(train.some(({ file }) => names.has(file))).toBe(false);
    const copies = (file: string): number[][] =>
      train.filter((piece) => piece.file === file).map(({ transpose, stretch }) => [transpose, stretch]);
    const ordinary = train.find(({ file }) => file !== 'midi/high.mid')?.file as string;
    expect(copies(ordinary)).toHaveLength(10);
    expect(copies(ordinary)[0]).toEqual([0, 1]);
    if (!names.has('midi/high.mid'))
      expect(Math.max(...copies('midi/high.mid').map(([moved]) => moved))).toBeLessThanOrEqual(0);
    await dataset.close();
  });

  it('leaves out copies that read the same: a grid knows no tempo', async () => {
    const { midi, out } = place();
    writeCorpus(midi, tunes(3));
    const report = await prepareDataset({
      inputs: [midi],
      out,
      scheme: 'grid',
      stretch: [0.95, 1.05],
      split: [100, 0, 0],
    });
    const dataset = await openDataset(out);
    expect(dataset.split('train').pieces).toHaveLength(3);
    expect(report.frames).toEqual({ train: 3 * 12 * 4, valid: 0, test: 0 });
    expect(dataset.manifest.baselinesOn).toBe('train');
    await dataset.close();
  });

  it('reads every MIDI extension in any case, through links, each file once', async () => {
    const { midi, out } = place();
    writeCorpus(midi, {
      'a.MID': tune(1),
      'x/b.Midi': tune(2),
      'x/y/c.kar': tune(3),
      'x/d.rmi': tune(4),
      'notes.txt': tune(5),
    });
    symlinkSync(midi, join(midi, 'x', 'loop'));
    const report = await prepareDataset({ inputs: [midi, join(midi, 'a.MID')], out });
    expect(report.files).toEqual({ ok: 4, skipped: [], duplicates: [] });
  });

  it('uses the good files and says what is wrong with the others', async () => {
    const { midi, out } = place();
    const good = writeMidi(tune(1));
    writeCorpus(midi, {
      ...tunes(3),
      'empty.mid': new Uint8Array(0),
      'text.mid': new TextEncoder().encode('This is not a MIDI file, it only has the name of one.'),
      'cut.mid': good.subarray(0, good.length - 30),
      'silent.mid': { ...tune(1), tracks: [] },
      'drums.mid': tune(9, 12, true),
      'copy.mid': { ...tune(2), tempos: [{ tick: 0, microsecondsPerQuarter: 400_000 }] },
      'huge.mid': new Uint8Array(17 * 1024 * 1024),
    });
    mkdirSync(join(midi, 'folder.mid'));
    const report = await prepareDataset({ inputs: [midi], out, scheme: 'grid' });
    expect(report.files.ok).toBe(3);
    expect(Object.keys(reasons(report)).sort()).toEqual(['copy.mid', 'cut.mid', 'drums.mid', 'empty.mid', 'huge.mid', 'silent.mid', 'text.mid']); // prettier-ignore
    expect(reasons(report)['drums.mid']).toMatch(/only percussion/);
    expect(reasons(report)['copy.mid']).toMatch(/duplicate.*02\.mid/);
    expect(reasons(report)['huge.mid']).toMatch(/17825792 bytes/);
    for (const reason of Object.values(reasons(report))) expect(reason).not.toContain('\n');
  });

  it('only reports duplicates in given held-out folders, which never train', async () => {
    const { root, midi, out } = place();
    writeCorpus(midi, { ...tunes(6), 'held/20.mid': tune(20) });
    writeCorpus(join(root, 'test'), { 'same.mid': tune(3), 'new.mid': tune(31) });
    const report = await prepareDataset({ inputs: [midi], valid: join(midi, 'held'), test: join(root, 'test'), out });
    expect(report.files.skipped).toEqual([]);
    expect(report.files.duplicates).toEqual([{ file: join(root, 'test', 'same.mid'), of: join(midi, '03.mid') }]);
    const dataset = await openDataset(out);
    expect(SPLIT_NAMES.map((name) => dataset.split(name).pieces.length)).toEqual([6, 1, 2]);
    await dataset.close();
  });

  it('takes the vocabulary from the training split, and counts what it has not seen', async () => {
    const { root, midi, out } = place();
    writeCorpus(midi, tunes(4));
    writeCorpus(join(root, 'valid'), { 'other.mid': transpose(tune(5), 48) });
    const report = await prepareDataset({
      inputs: [midi],
      valid: join(root, 'valid'),
      out,
      scheme: { name: 'grid', grid: '1/4' },
    });
    expect(report.unknown).toEqual({ train: 0, valid: 12, test: 0 });
    expect(report.frames?.valid).toBe(12);
  });

  it('the tutorial vocabulary has no specials: every token of every split is its own', async () => {
    const { midi, out } = place();
    writeCorpus(midi, tunes(10));
    const report = await prepareDataset({ inputs: [midi], out, scheme: 'chord' });
    expect(report.unknown).toEqual({ train: 0, valid: 0, test: 0 });
    const dataset = await openDataset(out);
    expect(dataset.tokenizer.bos).toBeUndefined();
    expect(report.tokens.train).toBe(8 * 12);
    await dataset.close();
  });

  it('tells how far it is', async () => {
    const { midi, out } = place();
    writeCorpus(midi, tunes(3));
    const seen: string[] = [];
    await prepareDataset({
      inputs: [midi],
      out,
      onProgress: ({ phase, done, total }) => void seen.push(`${phase} ${done}/${total}`),
    });
    expect(seen.slice(0, 3)).toEqual(['read 1/3', 'read 2/3', 'read 3/3']);
    expect(seen[5]).toMatch(/^write (\d+)\/\1$/);
  });
});

describe('prepare refuses', () => {
  it('a folder that holds something else, and touches nothing in it', async () => {
    const { root, midi } = place();
    writeCorpus(midi, tunes(3));
    const precious = join(root, 'precious');
    mkdirSync(precious);
    writeFileSync(join(precious, 'thesis.txt'), 'years of work');
    const foreign = expect.objectContaining({ code: 'RONDO_DATASET_FOREIGN' });
    await expect(prepareDataset({ inputs: [midi], out: precious })).rejects.toThrow(foreign);
    await expect(prepareDataset({ inputs: [midi], out: join(precious, 'thesis.txt') })).rejects.toThrow(foreign);
    expect(listFolder(precious)).toEqual(['thesis.txt']);
    expect(listFolder(root)).toEqual(['midi', 'precious']);
  });

  it('a dataset folder in which somebody put a file of his own', async () => {
    const { midi, out } = place();
    writeCorpus(midi, tunes(3));
    await prepareDataset({ inputs: [midi], out });
    await prepareDataset({ inputs: [midi], out, scheme: 'grid' });
    expect(JSON.parse(readFileSync(join(out, 'dataset.json'), 'utf8'))).toMatchObject({ scheme: { name: 'grid' } });
    writeFileSync(join(out, 'notes.txt'), 'mine');
    await expect(prepareDataset({ inputs: [midi], out })).rejects.toThrow(/notes\.txt/);
    expect(listFolder(join(out, '..'))).toEqual(['set']);
  });

  it('a place that cannot be written', async () => {
    const { root, midi } = place();
    writeCorpus(midi, tunes(3));
    const below = join(midi, '00.mid', 'set');
    await expect(prepareDataset({ inputs: [midi], out: below })).rejects.toThrow(expect.objectContaining({ code: 'RONDO_DATASET_WRITE' })); // prettier-ignore
    expect(listFolder(root)).toEqual(['midi']);
  });

  it('inputs without a usable file, and leaves the old dataset', async () => {
    const { root, midi, out } = place();
    writeCorpus(midi, tunes(3));
    await prepareDataset({ inputs: [midi], out });
    const before = bytesOf(out);
    const bad = join(root, 'bad');
    writeCorpus(bad, { 'a.mid': new Uint8Array(5) });
    const empty = expect.objectContaining({ code: 'RONDO_DATASET_EMPTY' });
    await expect(prepareDataset({ inputs: [bad], out })).rejects.toThrow(empty);
    await expect(prepareDataset({ inputs: [bad], out })).rejects.toThrow(/no usable file.*a\.mid/);
    await expect(prepareDataset({ inputs: [join(root, 'nowhere')], out })).rejects.toThrow(/nowhere does not exist/);
    mkdirSync(join(root, 'none'));
    await expect(prepareDataset({ inputs: [join(root, 'none')], out })).rejects.toThrow(empty);
    expect(bytesOf(out)).toEqual(before);
    expect(listFolder(join(out, '..'))).toEqual(['set']);
  });

  it('options that make no sense', async () => {
    const { midi, out } = place();
    writeCorpus(midi, tunes(3));
    const wrong = (rest: Partial<PrepareOptions>): Promise<unknown> => prepareDataset({ inputs: [midi], out, ...rest });
    await expect(wrong({ transpose: [3, -3] })).rejects.toThrow(/3\.\.-3/);
    await expect(wrong({ stretch: [0] })).rejects.toThrow(/0\.25 to 4/);
    await expect(wrong({ split: [0, 1, 1] })).rejects.toThrow(/0\/1\/1/);
    await expect(wrong({ inputs: [] })).rejects.toThrow(expect.objectContaining({ code: 'RONDO_DATASET_OPTION' }));
    await expect(wrong({ scheme: { name: 'grid', grid: 'x' } })).rejects.toThrow(/fraction/);
  });

  it('to work where another process is at work', async () => {
    const { midi, out } = place();
    writeCorpus(midi, tunes(3));
    mkdirSync(`${out}.partial`, { recursive: true });
    writeFileSync(join(`${out}.partial`, 'lock'), String(process.ppid));
    const busy = expect.objectContaining({ code: 'RONDO_DATASET_BUSY' });
    await expect(prepareDataset({ inputs: [midi], out })).rejects.toThrow(busy);
    expect(listFolder(join(out, '..'))).toEqual(['set.partial']);
    writeFileSync(join(`${out}.partial`, 'lock'), '999999999'); // a process that is no more
    await prepareDataset({ inputs: [midi], out });
    expect(listFolder(join(out, '..'))).toEqual(['set']);
  });
});
