import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { band, listFolder, temporaryFolders, tune, tunes, writeCorpus } from '../testing/corpus.js';
import { isAsWritten } from './as-written.js';
import { openDataset } from './open-dataset.js';
import { pieceIds } from './piece-stream.js';
import { prepareDataset } from './prepare.js';
import { breakOff } from './testing/break-off.js';
import type { Dataset, PieceEntry, PrepareOptions } from './types.js';

const folder = temporaryFolders();

/** Eight pieces of a band and two tunes. */
function place(): PrepareOptions & { readonly root: string } {
  const root = folder();
  const bands = Array.from({ length: 8 }, (_, i) => [`band${i}.mid`, band(i)] as const);
  writeCorpus(join(root, 'midi'), { ...Object.fromEntries(bands), ...tunes(2) });
  return { root, inputs: [join(root, 'midi')], out: join(root, 'set'), alone: ['drums', 'bass'], seed: 1 };
}

const bytesOf = (dir: string): Record<string, string> =>
  Object.fromEntries(listFolder(dir).map((name) => [name, readFileSync(join(dir, name), 'base64')]));

const names = (pieces: readonly PieceEntry[]): string[] =>
  pieces.map(({ transpose, stretch, alone }) => `${transpose} ${stretch} ${alone ?? 'all'}`);

/** Piece by piece: its entry, its conditions, and how many of its tracks are drums and basses. */
function* pieces(dataset: Dataset): Generator<{ entry: PieceEntry; said: string[]; parts: string }> {
  const { tokenizer } = dataset;
  const train = dataset.split('train');
  let i = 0;
  for (const ids of pieceIds(train)) {
    const said = tokenizer.tokens([...ids].filter((id) => tokenizer.isCondition(id)));
    const parts = tokenizer.decode(ids).tracks.map(({ isDrum, program }) => (isDrum ? 'drums' : program));
    yield { entry: train.pieces[i++], said, parts: parts.join() };
  }
}

describe('parts alone', () => {
  it('enter training beside the piece, once a key and tempo, and say what they are', async () => {
    const options = place();
    const report = await prepareDataset({ ...options, transpose: [0, 1], stretch: [0.5], velocityShift: [1] });
    const dataset = await openDataset(options.out, { verify: true });
    const held = [...dataset.split('valid').pieces, ...dataset.split('test').pieces];
    expect(held.every((piece) => isAsWritten(piece) && !('alone' in piece))).toBe(true);
    const train = dataset.split('train').pieces;
    const file = train.find((piece) => piece.file.startsWith('midi/band'))?.file;
    const versions = ['0 1', '0 0.5', '1 1', '1 0.5'];
    expect(names(train.filter((piece) => piece.file === file)).sort()).toEqual(
      ['all', 'bass', 'drums'].flatMap((part) => versions.map((version) => `${version} ${part}`)).sort(),
    );
    const bands = new Set(train.map((piece) => piece.file).filter((name) => name.startsWith('midi/band'))).size;
    expect(report.pieces).toBe(10);
    expect(report.conditions).toEqual({ alone: { bass: bands, drums: bands } });
    expect(dataset.manifest.preparation.alone).toEqual(['drums', 'bass']);
    expect(dataset.manifest.preparation.conditionDropout).toBeUndefined();
    for (const { entry, said, parts } of pieces(dataset)) {
      expect(said).toEqual(entry.alone === undefined ? [] : [`alone=${entry.alone}`]);
      if (entry.alone !== undefined) expect(parts).toBe({ bass: '33', drums: 'drums' }[entry.alone as 'bass']);
    }
    await dataset.close();
  });

  it('keep their name beside other conditions, which are their own and may be left out', async () => {
    const options = {
      ...place(),
      conditions: { genre: { value: 'polka' }, instrument: 'score', key: 'score' },
    } as const;
    await prepareDataset({ ...options, split: [100, 0, 0], conditionDropout: 0 });
    const dataset = await openDataset(options.out);
    const said = new Map([...pieces(dataset)].map((piece) => [piece.entry.alone, piece.said]));
    expect(said.get('drums')).toEqual(['alone=drums', 'genre=polka', 'instrument=drums']);
    expect(said.get('bass')?.slice(0, 3)).toEqual(['alone=bass', 'genre=polka', 'instrument=bass']);
    await dataset.close();
    await prepareDataset({ ...options, split: [100, 0, 0], conditionDropout: 1 });
    const bare = await openDataset(options.out);
    for (const { entry, said: left } of pieces(bare)) expect(left).toHaveLength(entry.alone === undefined ? 0 : 1);
    await bare.close();
  });

  it('can be said of whole files, and are then never left out either', async () => {
    const options = { ...place(), alone: [], split: [100, 0, 0], conditionDropout: 1 } as const;
    await prepareDataset({ ...options, conditions: { alone: { value: 'drums' }, genre: { value: 'polka' } } });
    const dataset = await openDataset(options.out);
    for (const { said } of pieces(dataset)) expect(said).toEqual(['alone=drums']);
    await dataset.close();
  });

  it('change nothing where none are asked for, and give none of a piece that is one part', async () => {
    const options = place();
    await prepareDataset({ ...options, alone: undefined });
    await prepareDataset({ ...options, alone: [], out: join(options.root, 'none') });
    expect(bytesOf(join(options.root, 'none'))).toEqual(bytesOf(options.out));
    for (const name of ['dataset.json', 'train.pieces.jsonl', 'tokenizer.json'])
      expect(readFileSync(join(options.out, name), 'utf8')).not.toContain('alone');
    writeCorpus(join(options.root, 'solo'), { 'a.mid': tune(1, 40, true) });
    const solo = { ...options, inputs: [join(options.root, 'solo')], split: [100, 0, 0] } as const;
    expect(await prepareDataset(solo)).toMatchObject({ conditions: { alone: {} } });
  });

  it('are left out where the scheme keeps no note of theirs, and the piece stays', async () => {
    const options = { ...place(), scheme: { name: 'remi', pitchRange: [60, 127] }, split: [100, 0, 0] } as const;
    const report = await prepareDataset({ ...options, alone: ['bass'] });
    expect(report.files).toMatchObject({ ok: 10, skipped: [] });
  });

  it('are the same bytes after a break, and begin anew where they change', async () => {
    const options = { ...place(), transpose: [-1, 1], velocityShift: [-15] } as const;
    const whole = await prepareDataset(options);
    const good = bytesOf(options.out);
    const out = join(options.root, 'broken');
    const from = (files: number, rest: Partial<PrepareOptions> = {}): Promise<number> =>
      breakOff({ ...options, out, ...rest }, files);
    expect([await from(3), await from(6)]).toEqual([1, 4]);
    expect((await prepareDataset({ ...options, out })).conditions).toEqual(whole.conditions);
    expect(bytesOf(out)).toEqual(good);
    expect([await from(4), await from(6, { alone: ['drums'] })]).toEqual([1, 1]);
  });

  it('are refused where tokens do not tell them, and where there is no such part', async () => {
    const options = place();
    const made = (rest: Partial<PrepareOptions>): Promise<unknown> => prepareDataset({ ...options, ...rest });
    for (const scheme of ['grid', 'chord', 'performance', { name: 'remi', drums: false }] as const)
      await expect(made({ scheme })).rejects.toMatchObject({ code: 'RONDO_DATASET_OPTION' });
    const merged = { name: 'remi', programs: false } as const;
    await expect(made({ scheme: merged })).rejects.toThrow(
      /^alone: the scheme "remi" with these options .* instruments/,
    );
    await expect(made({ alone: ['drum' as 'drums'] })).rejects.toThrow(
      /^alone: expected "drums" or families .*"drum"$/,
    );
    await expect(made({ conditions: { alone: 'score' } })).rejects.toThrow(/not heard/);
    expect(listFolder(options.root)).toEqual(['midi']);
    await made({ scheme: merged, alone: ['drums'] });
  });
});
