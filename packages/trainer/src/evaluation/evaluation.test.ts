import { join } from 'node:path';
import { type Bundle, loadBundle } from '@rondo/checkpoint';
import type { Dataset } from '@rondo/tokenizer';
import { openDataset } from '@rondo/tokenizer/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PieceIds, splitSource } from '../batches/piece-source.js';
import { readMetrics } from '../loop/metrics-file.js';
import { train } from '../loop/train.js';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { toyOptions } from '../testing/toy-training.js';
import { evaluateLikelihood } from './likelihood.js';
import { predictNext } from './predict.js';

const folder = temporaryFolder();
const WINDOW = 10;
let dataset: Dataset;
let pieces: PieceIds[];
const models = {} as Record<'all' | 'last', Bundle>;

beforeAll(async () => {
  const path = await toyDataset(folder.path, 'toy');
  for (const objective of ['all', 'last'] as const) {
    const run = join(folder.path, objective);
    await train(toyOptions(path, run, { objective, sequence: WINDOW, batch: 8, epochs: 1 }));
    models[objective] = await loadBundle(run, { device: 'cpu', threads: 1 });
  }
  dataset = await openDataset(path);
  const source = splitSource(dataset.split('valid'));
  pieces = Array.from({ length: source.count }, (_, piece) => {
    const ids = new Int32Array(source.length(piece));
    source.read(piece, 0, ids.length, ids, 0);
    return { file: source.file(piece), ids };
  });
});
afterAll(async () => {
  for (const { network } of Object.values(models)) network.dispose();
  await dataset.close();
  folder.remove();
});

/** nll of each token from `from` on, one prediction at a time. */
async function tokenByToken(objective: 'all' | 'last', ids: Int32Array, from: number): Promise<number[]> {
  const rows = Array.from({ length: ids.length - from }, (_, index) =>
    ids.slice(objective === 'last' ? index + from - WINDOW : 0, index + from),
  );
  const probabilities = await predictNext(models[objective], rows);
  return probabilities.map((row, index) => -Math.log(row[ids[index + from] as number] as number));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe.each([
  ['all', 1],
  ['last', WINDOW],
] as const)('evaluateLikelihood, objective %s', (objective, first) => {
  it('tells how often the likeliest token was the right pitch, and changes nothing else', async () => {
    const { tokenizer } = models[objective];
    const pitches = tokenizer.pitchIds();
    let [right, all] = [0, 0];
    for (const { ids } of pieces) {
      const rows = Array.from({ length: ids.length - first }, (_, i) =>
        ids.slice(objective === 'last' ? i + first - WINDOW : 0, i + first),
      );
      for (const [i, row] of (await predictNext(models[objective], rows)).entries()) {
        const target = ids[i + first] as number;
        if (pitches[target] !== 1) continue;
        all += 1;
        if (row.indexOf(Math.max(...row)) === target) right += 1;
      }
    }
    const { noteAccuracy, ...rest } = await evaluateLikelihood(models[objective], pieces, { noteAccuracy: true });
    expect(all).toBeGreaterThan(20);
    expect(noteAccuracy).toBeCloseTo(right / all, 12);
    expect(rest).toEqual(await evaluateLikelihood(models[objective], pieces));
  });

  it('adds up the predictions of the single tokens, EOS included', async () => {
    const result = await evaluateLikelihood(models[objective], pieces);
    for (const [index, { ids, file }] of pieces.entries()) {
      const wanted = await tokenByToken(objective, ids, first);
      expect(ids.at(-1)).toBe(models[objective].tokenizer.eos);
      expect(result.pieces[index]).toMatchObject({ file, tokens: ids.length - first });
      expect(result.pieces[index]?.nll).toBeCloseTo(sum(wanted), 3);
    }
    expect(result.tokens).toBe(sum(pieces.map(({ ids }) => ids.length - first)));
    expect(result.nll).toBeCloseTo(sum(result.pieces.map(({ nll }) => nll)), 9);
    expect(result.nllPerToken).toBe(result.nll / result.tokens);
    expect(result.perplexity).toBeCloseTo(Math.exp(result.nllPerToken), 9);
    expect(result.unknown).toBe(0);
  });

  it('does not depend on how the pieces are cut into calls', async () => {
    const one = await evaluateLikelihood(models[objective], pieces, { batch: 1, sequence: 1000 });
    const many = await evaluateLikelihood(models[objective], pieces, { batch: 64, sequence: 7 });
    const again = await evaluateLikelihood(models[objective], pieces, { batch: 1, sequence: 1000 });
    expect(many.nll).toBeCloseTo(one.nll, 3);
    expect(many.accuracy).toBeCloseTo(one.accuracy, 9);
    expect(again).toEqual(one);
  });

  it('is what training has measured', async () => {
    const measured = (await readMetrics(join(folder.path, objective))).at(-1);
    const result = await evaluateLikelihood(models[objective], splitSource(dataset.split('valid')));
    expect(result.nllPerToken).toBeCloseTo(measured?.validLoss as number, 5);
    expect(result.accuracy).toBeCloseTo(measured?.validAccuracy as number, 9);
  });

  it('scores from a given token on, so that models can be compared on the same positions', async () => {
    const result = await evaluateLikelihood(models[objective], pieces, { from: 20 });
    const wanted: number[] = [];
    for (const { ids } of pieces) wanted.push(...(await tokenByToken(objective, ids, 20)));
    expect(result.tokens).toBe(wanted.length);
    expect(result.nll).toBeCloseTo(sum(wanted), 3);
  });
});

describe('evaluateLikelihood', () => {
  it('counts frames and unknown tokens', async () => {
    const { tokenizer } = models.all;
    const ids = pieces[0]?.ids.slice() as Int32Array;
    const frameEnd = tokenizer.vocabulary.id(tokenizer.scheme.frameEnd as string) as number;
    const frames = ids.filter((id) => id === frameEnd).length;
    ids[5] = tokenizer.unk as number;
    const lost = pieces[0]?.ids[5] === frameEnd ? 1 : 0;
    const result = await evaluateLikelihood(models.all, [{ file: 'x', ids }]);
    expect(result).toMatchObject({ frames: frames - lost, unknown: 1 });
    expect(frames).toBe(50);
  });

  it('reports progress up to the total', async () => {
    const seen: [number, number][] = [];
    const onProgress = (done: number, total: number) => void seen.push([done, total]);
    const { tokens } = await evaluateLikelihood(models.all, pieces, { onProgress, sequence: 8 });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toEqual([tokens, tokens]);
  });

  it('lists pieces that are too short with no tokens, and refuses to score nothing', async () => {
    const short = { file: 'short', ids: (pieces[0] as PieceIds).ids.slice(0, 5) };
    const result = await evaluateLikelihood(models.last, [short, pieces[0] as PieceIds]);
    expect(result.pieces[0]).toEqual({ file: 'short', tokens: 0, nll: 0 });
    expect(result.tokens).toBeGreaterThan(0);
    await expect(evaluateLikelihood(models.last, [short])).rejects.toMatchObject({ code: 'RONDO_TRAINER_NO_DATA' });
    await expect(evaluateLikelihood(models.last, pieces, { from: 3 })).rejects.toThrow(/at least 10/);
  });
});

describe.each(['all', 'last'] as const)('predictNext, objective %s', (objective) => {
  it('gives a distribution for each row, whatever other rows stand beside it', async () => {
    const ids = (pieces[0] as PieceIds).ids;
    const rows = [ids.slice(0, 10), ids.slice(3, 7), [...ids.slice(5, 15)], ids.slice(2, 3)];
    const together = await predictNext(models[objective], rows);
    for (const [index, row] of rows.entries()) {
      const [alone] = await predictNext(models[objective], [row]);
      expect(together[index]).toHaveLength(models[objective].config.vocabulary);
      expect(sum([...(together[index] as Float32Array)])).toBeCloseTo(1, 5);
      for (const [id, probability] of (alone as Float32Array).entries()) {
        expect(together[index]?.[id]).toBeCloseTo(probability, 5);
      }
    }
  });

  it('refuses ids that the model does not know, and empty rows', async () => {
    const { vocabulary } = models[objective].config;
    for (const row of [[vocabulary], [-1], [0.5], []]) {
      await expect(predictNext(models[objective], [row])).rejects.toMatchObject({ code: 'RONDO_TRAINER_IDS' });
    }
    expect(await predictNext(models[objective], [])).toEqual([]);
  });
});
