import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, tune, tunes, writeCorpus } from '../testing/corpus.js';
import { openDataset } from './open-dataset.js';
import { pieceIds } from './piece-stream.js';
import { prepareDataset } from './prepare.js';
import type { PrepareOptions, PrepareReport } from './types.js';

const folder = temporaryFolders();

/** Prepares `jazz/` and `folk/bach/` of a corpus, all in training; gives the conditions of each piece by its file. */
async function prepared(
  options: Partial<PrepareOptions>,
): Promise<{ report: PrepareReport; said: Map<string, string> }> {
  const root = folder();
  const midi = join(root, 'midi');
  writeCorpus(midi, { 'jazz/a.mid': tune(1), 'jazz/b.mid': tune(2), 'folk/bach/c.mid': tune(3), 'd.mid': tune(4) });
  const out = join(root, 'set');
  const report = await prepareDataset({ inputs: [midi], out, split: [100, 0, 0], conditionDropout: 0, ...options });
  const dataset = await openDataset(out);
  const train = dataset.split('train');
  const said = new Map<string, string>();
  let piece = 0;
  for (const ids of pieceIds(train)) {
    const { file, transpose } = train.pieces[piece++];
    const conditions = dataset.tokenizer.tokens([...ids].filter((id) => dataset.tokenizer.isCondition(id)));
    said.set(transpose === 0 ? file : `${file} ${transpose}`, conditions.join(' '));
  }
  await dataset.close();
  return { report, said };
}

describe('prepare with conditions', () => {
  it('takes them from folders, fixed values and the music', async () => {
    const conditions = { genre: { folder: 1 }, composer: 'folder', instrument: { value: 'Lute' } } as const;
    const { report, said } = await prepared({ conditions });
    expect(Object.fromEntries(said)).toEqual({
      'midi/jazz/a.mid': 'genre=jazz composer=jazz instrument=lute',
      'midi/jazz/b.mid': 'genre=jazz composer=jazz instrument=lute',
      'midi/folk/bach/c.mid': 'genre=folk composer=bach instrument=lute',
      'midi/d.mid': 'composer=midi instrument=lute',
    });
    expect(report.conditions).toEqual({
      genre: { jazz: 2, folk: 1 },
      composer: { jazz: 2, bach: 1, midi: 1 },
      instrument: { lute: 4 },
    });
  });

  it('takes them from a manifest, in CSV or JSON; its values win, and the music says the rest', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'all.csv'), 'file,genre,year,key\njazz/a.mid,"Swing, Fast",1930,\nc.mid,,,Dm\n');
    writeFileSync(join(dir, 'all.json'), JSON.stringify({ 'jazz/a.mid': { genre: 'swing, fast' }, 'c.mid': { key: 'd minor' } })); // prettier-ignore
    for (const name of ['all.csv', 'all.json']) {
      const { said } = await prepared({
        conditions: { genre: 'folder', key: 'manifest' },
        conditionManifest: join(dir, name),
        transpose: [0, 2],
      });
      expect(said.get('midi/jazz/a.mid')).toMatch(/^genre=swing, fast key=/);
      expect(said.get('midi/jazz/b.mid')).toMatch(/^genre=jazz key=[A-G]/);
      expect(said.get('midi/folk/bach/c.mid')).toBe('genre=bach key=D minor');
      expect(said.get('midi/folk/bach/c.mid 2')).toBe('genre=bach key=E minor');
    }
  });

  it('leaves some out in training only, the same ones for the same seed', async () => {
    const root = folder();
    writeCorpus(join(root, 'midi'), tunes(30));
    const make = async (out: string): Promise<number[]> => {
      const conditions = { key: 'score', tempo: 'score' } as const;
      await prepareDataset({ inputs: [join(root, 'midi')], out: join(root, out), conditions, conditionDropout: 0.5, seed: 3 }); // prettier-ignore
      const dataset = await openDataset(join(root, out));
      const counts = (['train', 'valid'] as const).map((name) =>
        [...pieceIds(dataset.split(name))].reduce((sum, ids) => sum + [...ids].filter((id) => dataset.tokenizer.isCondition(id) || id === dataset.tokenizer.unk).length, 0),
      ); // prettier-ignore
      expect(dataset.tokenizer.conditionChoices('tempo')).toEqual(['120']);
      expect(dataset.manifest.preparation.conditionDropout).toBe(0.5);
      await dataset.close();
      return counts;
    };
    const [train] = await make('a');
    expect(train).toBeGreaterThan(10);
    expect(train).toBeLessThan(38);
    expect(await make('b')).toEqual(await make('a'));
  });

  it('refuses options that make no sense, and skips a file whose value makes none', async () => {
    const wrong = (options: Partial<PrepareOptions>): Promise<unknown> => prepared(options);
    await expect(wrong({ conditions: { genre: 'score' } })).rejects.toThrow(/genre.*cannot be heard/);
    await expect(wrong({ conditions: { genre: 'manifest' } })).rejects.toThrow(/no manifest/);
    await expect(wrong({ conditions: { key: { value: 'loud' } } })).rejects.toThrow(/loud/);
    await expect(wrong({ conditions: { key: { folder: -1 } } })).rejects.toThrow(/level/);
    await expect(wrong({ conditionDropout: 2, conditions: { key: 'score' } })).rejects.toThrow(/0 to 1/);
    await expect(wrong({ scheme: 'chord', conditions: { key: 'score' } })).rejects.toThrow(/no place for conditions/);
    const path = join(folder(), 'table.csv');
    await expect(wrong({ conditionManifest: path })).rejects.toThrow(/cannot be read \(ENOENT\)/);
    writeFileSync(path, 'name,key\na.mid,C');
    await expect(wrong({ conditionManifest: path })).rejects.toThrow(/column "file"/);
    writeFileSync(path, 'file,key\na.mid,loud');
    const { report } = await prepared({ conditionManifest: path, conditions: { key: 'manifest' } });
    expect(report.files.skipped.map(({ reason }) => reason)).toEqual([expect.stringMatching(/key such as.*"loud"/)]);
  });
});
