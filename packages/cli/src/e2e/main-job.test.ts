import fs from 'node:fs';
import path from 'node:path';
import { readMidi } from '@rondo/tokenizer';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePieceFiles } from '../testing/pieces.js';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';

const folder = temporaryFolder();
const midi = path.join(folder, 'midi');
const data = path.join(folder, 'data');
const run = path.join(folder, 'run');
const settings = ['--preset', 'small', '--epochs', '2', '--batch', '4', '--sequence', '32', '--seed', '3'];

interface PrepareDocument {
  files: { ok: number; skipped: unknown[] };
  pieces: number;
  tokens: Record<string, number>;
  vocabulary: number;
  baselines: { unigram: number; bigram: number };
}

describe('from a folder of MIDI to new music', () => {
  let prepared: PrepareDocument;
  let trained: Record<string, unknown>;

  beforeAll(async () => {
    writePieceFiles(midi, 10);
    prepared = await rondoJson<PrepareDocument>(['prepare', midi, '--out', data, '--split', '70/20/10']);
    trained = await rondoJson(['train', data, '--out', run, ...settings]);
  }, 60_000);

  it('prepares a dataset and reports what is in it', () => {
    expect(prepared).toMatchObject({ files: { ok: 10, skipped: [] }, pieces: 10 });
    expect(Object.keys(prepared.tokens)).toEqual(['train', 'valid', 'test']);
    expect(prepared.tokens.train).toBeGreaterThan(prepared.tokens.valid);
    expect(prepared.vocabulary).toBeGreaterThan(20);
    expect(prepared.baselines.unigram).toBeGreaterThan(0);
  });

  it('trains, keeps the best and the last model, and draws the loss', () => {
    expect(trained).toMatchObject({ run, epochs: 2, device: 'cpu', baselines: prepared.baselines });
    expect(trained.steps).toBeGreaterThan(2);
    for (const name of [
      'best/model.safetensors',
      'last/optimizer.safetensors',
      'metrics.jsonl',
      'loss.svg',
      'loss.png',
    ])
      expect(fs.statSync(path.join(run, name)).size, name).toBeGreaterThan(0);
    const lines = fs.readFileSync(path.join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
    const metrics = lines.map((line) => JSON.parse(line) as { loss: number; validLoss: number });
    expect(metrics.at(-1)?.loss).toBeLessThan(metrics[0].loss);
    expect(Number.isFinite(metrics[0].validLoss)).toBe(true);
  });

  it('evaluates a split as it evaluates the same pieces given as files', async () => {
    const split = await rondoJson<Evaluation>(['evaluate', run, data, '--split', 'valid']);
    expect(split.tokens).toBe(prepared.tokens.valid - split.pieces.length);
    expect(split.nllPerToken).toBeCloseTo(split.nll / split.tokens, 10);
    expect(split.perplexity).toBeCloseTo(Math.exp(split.nllPerToken), 6);
    const files = split.pieces.map(({ file }) => path.join(folder, file));
    const same = await rondoJson<Evaluation>(['evaluate', run, ...files]);
    expect(same.nll).toBeCloseTo(split.nll, 6);
  });

  it('predicts distributions', async () => {
    const ids = path.join(folder, 'ids.json');
    fs.writeFileSync(ids, '[[1, 2, 3], [4, 5]]');
    const { probabilities } = await rondoJson<{ probabilities: number[][] }>(['predict', run, '--ids', ids]);
    expect(probabilities.map((row) => row.length)).toEqual([prepared.vocabulary, prepared.vocabulary]);
    for (const row of probabilities) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
  });

  it('generates variations as MIDI, picture and sound, the same for the same seed', async () => {
    const args = ['generate', run, '--count', '2', '--bars', '4', '--seed', '11', '--temperature', '0.9'];
    const first = await rondoJson<Generation>([
      ...args,
      '--out',
      path.join(folder, 'a.mid'),
      '--png',
      '--svg',
      '--wav',
      '--training',
      data,
    ]);
    expect(first.files.map(({ path: file }) => path.basename(file))).toEqual(['a-1.mid', 'a-2.mid']);
    expect(first).toMatchObject({ seed: 11, tokens: expect.any(Number), tokensPerSecond: expect.any(Number) });
    for (const file of first.files) {
      const score = readMidi(fs.readFileSync(file.path));
      expect(score.tracks.flatMap(({ notes }) => notes)).toHaveLength(file.notes);
      expect(file).toMatchObject({
        ended: expect.stringMatching(/eos|length/),
        loop: expect.any(Boolean),
        longestCopy: expect.any(Number),
      });
      expect(fs.readFileSync(file.png).subarray(1, 4).toString()).toBe('PNG');
      expect(fs.readFileSync(file.wav).subarray(0, 4).toString()).toBe('RIFF');
    }
    await rondoJson([...args, '--out', path.join(folder, 'b.mid')]);
    for (const number of [1, 2])
      expect(fs.readFileSync(path.join(folder, `a-${number}.mid`))).toEqual(
        fs.readFileSync(path.join(folder, `b-${number}.mid`)),
      );
  });

  it('reads rounded weights on request, and tells what that costs', async () => {
    const evaluate = (precision: string) =>
      rondoJson<Evaluation>(['evaluate', run, data, '--split', 'valid', '--precision', precision]);
    const exact = await evaluate('fp32');
    const { nll } = await evaluate('int8');
    expect(nll).not.toBe(exact.nll);
    expect(Math.abs(nll - exact.nll)).toBeLessThan(0.005 * exact.nll);
    const file = path.join(folder, 'int8.mid');
    const args = ['generate', run, '--length', '60', '--seed', '11', '--precision', 'int8', '--out', file];
    await rondoJson(args);
    const first = fs.readFileSync(file);
    await rondoJson(args);
    expect(fs.readFileSync(file)).toEqual(first);
  });

  it('continues a given piece', async () => {
    const prime = path.join(midi, 'piece-0.mid');
    const out = path.join(folder, 'continued.mid');
    const { files } = await rondoJson<Generation>(['generate', run, '--prime', prime, '--bars', '2', '--out', out]);
    const first = (file: string) => readMidi(fs.readFileSync(file)).tracks[0].notes[0].pitch;
    expect(first(out)).toBe(first(prime));
    expect(files[0].seconds).toBeGreaterThanOrEqual(16);
  });

  it('composes what is asked for, where the model was told what its pieces are', async () => {
    const keyed = path.join(folder, 'keyed');
    const model = path.join(folder, 'keyed-run');
    await rondoJson(['prepare', midi, '--out', keyed, '--condition', 'key,tempo', '--split', '80/20/0']);
    await rondoJson(['train', keyed, '--out', model, '--epochs', '1', '--batch', '4']);
    const ask = (condition: string) =>
      rondo(['generate', model, '--out', path.join(folder, 'k.mid'), '--bars', '2', '--condition', condition]);
    expect(await ask('tempo=120')).toMatchObject({ code: 0 });
    expect(await ask('genre=polka')).toMatchObject({ code: 1, stderr: expect.stringContaining('genre') });
    expect(await ask('tempo')).toMatchObject({ code: 2, stderr: expect.stringContaining('tempo=') });
  });

  it('saves when it is interrupted, and resumes to the same weights as a run without a break', async () => {
    const train = (out: string) => [
      'train',
      data,
      '--out',
      out,
      ...settings,
      '--epochs',
      '30',
      '--max-steps',
      '40',
      '--patience',
      '0',
    ];
    const whole = path.join(folder, 'whole');
    const broken = path.join(folder, 'broken');
    await rondoJson(train(whole));
    const stopped = await rondo(train(broken), { interruptAfter: /objective/ });
    expect(stopped).toMatchObject({ code: 130 });
    expect(fs.existsSync(path.join(broken, 'last', 'trainer_state.json'))).toBe(true);
    const resumed = await rondoJson<{ steps: number }>([...train(broken), '--resume']);
    expect(resumed.steps).toBe(40);
    const weights = (out: string) => fs.readFileSync(path.join(out, 'last', 'model.safetensors'));
    expect(weights(broken).equals(weights(whole))).toBe(true);
    expect(await rondo([...train(broken), '--resume'])).toMatchObject({ code: 0 });
  }, 90_000);
});

interface Evaluation {
  tokens: number;
  nll: number;
  nllPerToken: number;
  perplexity: number;
  pieces: { file: string }[];
}

interface Generation {
  files: { path: string; png: string; wav: string; notes: number; seconds: number }[];
}
