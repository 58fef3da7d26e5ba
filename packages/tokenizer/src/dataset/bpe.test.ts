import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Score } from '../score/score.js';
import { temporaryFolders, tune, tunes, writeCorpus } from '../testing/corpus.js';
import { openDataset } from './open-dataset.js';
import { prepareDataset } from './prepare.js';

const folder = temporaryFolders();

function corpus(valid: Record<string, Score>): { inputs: string[]; valid: string; out: string } {
  const dir = folder();
  writeCorpus(join(dir, 'train'), tunes(12));
  writeCorpus(join(dir, 'valid'), valid);
  return { inputs: [join(dir, 'train')], valid: join(dir, 'valid'), out: join(dir, 'set') };
}

describe('prepare with merged tokens', () => {
  it.each(['remi', 'performance'] as const)('%s: fewer ids, the same music, everything counted', async (scheme) => {
    const options = { ...corpus(tunes(3, 20)), scheme };
    const plain = await prepareDataset(options);
    const report = await prepareDataset({ ...options, bpe: plain.vocabulary + 40 });
    expect(report.vocabulary).toBe(plain.vocabulary + 40);
    expect(report.merges).toBe(40);
    expect(report.plainTokens).toEqual(plain.tokens);
    expect(report.tokens.train).toBeLessThan(0.7 * plain.tokens.train);
    expect(report.notes).toEqual({ train: 12 * 12, valid: 3 * 12, test: 0 });
    expect(plain.notes).toEqual(report.notes);
    const dataset = await openDataset(options.out, { verify: true });
    expect(dataset.manifest.preparation).toMatchObject({ bpe: plain.vocabulary + 40 });
    const [{ offset, length }] = dataset.split('train').pieces;
    const ids = new Int32Array(length);
    dataset.split('train').read(offset, length, ids);
    const score = tune(0);
    expect(dataset.tokenizer.decode(ids)).toEqual(dataset.tokenizer.scheme.quantise(score));
    expect([...ids]).toEqual([...dataset.tokenizer.encode(score)]);
    await dataset.close();
  });

  it('learns from training pieces alone, without their conditions', async () => {
    const vocabulary = async (valid: Record<string, Score>): Promise<unknown> => {
      const options = { ...corpus(valid), bpe: 120, conditions: { key: 'score' } as const };
      await prepareDataset(options);
      return JSON.parse(readFileSync(join(options.out, 'tokenizer.json'), 'utf8'));
    };
    const once = await vocabulary(tunes(1, 30));
    expect(await vocabulary(tunes(30, 30))).toEqual(once);
    const merged = (once as { tokens: string[] }).tokens.filter((token) => token.includes('+'));
    expect(merged.length).toBeGreaterThan(20);
    expect(merged.filter((token) => token.includes('='))).toEqual([]);
  });

  it('stops by itself where no pair comes twice', async () => {
    const report = await prepareDataset({ ...corpus(tunes(1, 30)), bpe: 60_000 });
    expect(report.vocabulary).toBeLessThan(2000);
    expect(report.vocabulary).toBeGreaterThan(report.merges as number);
  });

  it('refuses a size below the plain vocabulary and goes on from there; schemes that count frames; nonsense', async () => {
    const options = corpus(tunes(1, 30));
    await expect(prepareDataset({ ...options, bpe: 20 })).rejects.toThrow(/has \d+ tokens before any merge/);
    const files: number[] = [];
    const onProgress = ({ phase, done }: { phase: string; done: number }): void => {
      if (phase === 'read') files.push(done);
    };
    await prepareDataset({ ...options, bpe: 200, onProgress });
    expect(files).toEqual([]); // what was read for the first wish is still there
    for (const wrong of [{ scheme: 'grid', bpe: 200 }, { scheme: 'chord', bpe: 200 }, { bpe: 0 }, { bpe: 1.5 }, { bpe: 1e6 }] as const) {
      await expect(prepareDataset({ ...options, ...wrong })).rejects.toMatchObject({ code: 'RONDO_DATASET_OPTION' });
    } // prettier-ignore
  });
});
