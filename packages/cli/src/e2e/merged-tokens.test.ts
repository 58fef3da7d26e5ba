import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMidi } from '@rondo/tokenizer';
import { writePieceFiles } from '../testing/pieces.js';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';

interface Prepared {
  vocabulary: number;
  merges: number;
  tokens: Record<string, number>;
  plainTokens: Record<string, number>;
}
interface Against {
  notes: number;
  nll: number;
  nllPerNote: number;
  written: string[];
  against: {
    pieces: Record<string, number>;
    features: { feature: string }[];
    generated: { file: string; metrics: { notes: number }; copy: { events: number } }[];
  };
}

describe('a model of merged tokens', () => {
  const folder = temporaryFolder();
  const [midi, data, run, made] = ['midi', 'data', 'run', 'new'].map((name) => path.join(folder, name));

  it('is trained, makes legal pieces of the length asked for, and is compared with what it learned from', async () => {
    writePieceFiles(midi, 10);
    const args = ['prepare', midi, '--out', data, '--split', '70/20/10', '--bpe', '160'];
    const prepared = await rondoJson<Prepared>(args);
    expect(prepared.vocabulary).toBe(160);
    expect(prepared.tokens.train).toBeLessThan(prepared.plainTokens.train / 2);
    await rondoJson(['train', data, '--out', run, '--preset', 'small', '--epochs', '2', '--threads', '2']);
    const { files } = await rondoJson<{ files: { path: string; notes: number }[] }>([
      ...['generate', run, '--out', path.join(made, 'piece.mid'), '--count', '3', '--bars', '4', '--seed', '3'],
    ]);
    for (const { path: file, notes } of files) {
      const score = readMidi(fs.readFileSync(file));
      expect(score.tracks.reduce((sum, track) => sum + track.notes.length, 0)).toBe(notes);
    }
    const html = path.join(folder, 'against.html');
    const report = await rondoJson<Against>(['evaluate', run, data, '--against', made, '--html', html]);
    expect(report.nllPerNote).toBeCloseTo(report.nll / report.notes, 9);
    expect(report.against.pieces).toEqual({ generated: 3, training: 7, 'held-out': 1 });
    expect(report.against.features).toHaveLength(12);
    expect(report.against.generated.map(({ metrics }) => metrics.notes)).toEqual(files.map(({ notes }) => notes));
    expect(report.written).toEqual([html]);
    expect(fs.readFileSync(html, 'utf8')).toContain('3 generated');
  }, 60_000);

  it('--html belongs to --against', async () => {
    const { code, stderr } = await rondo(['evaluate', run, data, '--html', 'x.html']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--against')]);
  });
});
