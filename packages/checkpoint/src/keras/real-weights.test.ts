import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNotes } from './notes/read-notes.js';
import { importFixture, predict } from './testing/fixtures.js';

const data = process.env.RONDO_CHECK_DATA;
const folder = path.join(data ?? '', 'keras-weights');

interface Predictions {
  vocabularySize: number;
  files: Record<
    string,
    {
      seq_len: number;
      reference: { start: number; target: number; argmax: number; logprob_target: number; top5: [number, number][] }[];
    }
  >;
}

describe.skipIf(data === undefined)('a network that somebody trained (needs RONDO_CHECK_DATA)', () => {
  it('predicts within 1e-4 of Keras, with the same likeliest five tokens', async () => {
    const predictions = JSON.parse(fs.readFileSync(path.join(folder, 'predictions.json'), 'utf8')) as Predictions;
    const notes = path.join(folder, 'notes.pickle');
    const { corpus = Int32Array.of() } = readNotes(fs.readFileSync(notes), notes);
    for (const [name, { seq_len: length, reference }] of Object.entries(predictions.files)) {
      const { bundle, report } = await importFixture(path.join(folder, name), { notes });
      expect(report).toMatchObject({ vocabulary: predictions.vocabularySize, sequence: length, seeds: 8 });
      const windows = reference.map(({ start }) => Array.from(corpus.subarray(start, start + length)));
      const all = await predict(bundle, windows);
      for (const [row, { start, target, argmax, logprob_target: logTarget, top5 }] of reference.entries()) {
        const p = all.slice(row * report.vocabulary, (row + 1) * report.vocabulary);
        const order = p.map((_, id) => id).sort((a, b) => p[b] - p[a]);
        expect(corpus[start + length]).toBe(target);
        expect(order[0]).toBe(argmax);
        expect(order.slice(0, 5)).toEqual(top5.map(([id]) => id));
        for (const [id, logarithm] of [[target, logTarget], ...top5]) {
          expect(Math.abs(p[id] - Math.exp(logarithm))).toBeLessThan(1e-4);
          expect(Math.abs(Math.log(p[id]) - logarithm)).toBeLessThan(1e-4);
        }
      }
    }
  });
});
