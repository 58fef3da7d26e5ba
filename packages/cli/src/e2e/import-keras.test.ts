import { readSafetensors } from '@rondo/checkpoint';
import type { NetworkSpec } from '@rondo/core-native';
import { readMidi, Tokenizer, type Score } from '@rondo/tokenizer';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { float64Logits } from '../testing/float64-forward.js';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';

const folder = temporaryFolder();
const fixtures = path.resolve(import.meta.dirname, '..', '..', '..', 'checkpoint', 'fixtures', 'keras');
const fixture = (name: string) => path.join(fixtures, name);
const json = <T>(file: string) => JSON.parse(fs.readFileSync(file, 'utf8')) as T;
const notes = fixture('tutorial-net-files.json');

const net = json<{ sequenceLength: number; inputIds: number[][]; probabilities: { data: number[] } }>(notes);
const { continuation } = json<{ continuation: { file: string; window: number[]; ids: number[] } }>(
  fixture('more-networks.json'),
);

function write(name: string, value: unknown): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, JSON.stringify(value));
  return file;
}

/** Onsets with their pitches. */
const music = ({ tracks, ticksPerQuarter }: Score) =>
  tracks.flatMap((track) => track.notes.map(({ tick, pitch }) => [tick / ticksPerQuarter, pitch]));

describe('import-keras', () => {
  it('makes a model that predicts as Keras does', async () => {
    const model = path.join(folder, 'model');
    const sequence = ['--sequence', String(net.sequenceLength)];
    const args = [fixture('tutorial-net.weights.h5'), '--notes', notes, '--out', model, ...sequence];
    const report = await rondoJson(['import-keras', ...args]);
    expect(report).toMatchObject({ model, vocabulary: 11, sequence: net.sequenceLength, parameters: 1547 });
    const ids = write('rows.json', net.inputIds);
    const { probabilities } = await rondoJson<{ probabilities: number[][] }>(['predict', model, '--ids', ids]);
    const worst = probabilities.flat().map((p, at) => Math.abs(p - net.probabilities.data[at]));
    expect(worst).toHaveLength(net.probabilities.data.length);
    expect(Math.max(...worst)).toBeLessThan(1e-5);
  });

  it('makes a model whose likeliest continuation of a window is the one of Keras', async () => {
    const model = path.join(folder, 'greedy');
    await rondoJson(['import-keras', fixture(continuation.file), '--notes', notes, '--out', model]);
    const prime = write('prime.json', continuation.window);
    const out = path.join(folder, 'greedy.mid');
    const length = String(continuation.ids.length);
    const args = ['--argmax', '--prime-ids', prime, '--no-include-prime', '--length', length, '--out', out];
    const { tokens } = await rondoJson<{ tokens: number }>(['generate', model, ...args]);
    expect(tokens).toBe(continuation.ids.length);
    const tokenizer = Tokenizer.fromJSON(json(path.join(model, 'tokenizer.json')));
    const expected = music(tokenizer.decode(continuation.ids));
    expect(new Set(continuation.ids).size).toBeGreaterThan(3);
    expect(music(readMidi(fs.readFileSync(out)))).toEqual(expected);
  });

  it('takes seed windows from a corpus, so that generating needs nothing else', async () => {
    const tokens = json<{ vocabulary: string[] }>(notes).vocabulary;
    const corpus = write(
      'corpus.json',
      Array.from({ length: 60 }, (_, at) => tokens[(at * 7) % tokens.length]),
    );
    const model = path.join(folder, 'seeded');
    const report = await rondoJson(['import-keras', fixture('tutorial-net.h5'), '--notes', corpus, '--out', model]);
    expect(report).toMatchObject({ seeds: 8, sequence: 10 });
    await rondoJson(['generate', model, '--length', '5', '--out', path.join(folder, 'seeded.mid')]);
  });

  it('takes weights only as a preset, whatever their sizes', async () => {
    const model = path.join(folder, 'like');
    const args = ['import-keras', fixture('figure-weights-only.h5'), '--notes', notes, '--out', model];
    const report = await rondoJson<{ layers: { units?: number }[] }>([...args, '--like', 'tutorial-fig7']);
    expect(report.layers.flatMap(({ units }) => units ?? [])).toEqual([6, 5, 4, 5]);
    expect(await rondo([...args, '--like', 'tutorial'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/3 LSTM, 2 Dense, which the preset tutorial does not have/),
    });
  });

  it('refuses other networks and damaged files in one line, and writes nothing', async () => {
    const damaged = path.join(folder, 'damaged.h5');
    fs.writeFileSync(damaged, fs.readFileSync(fixture('tutorial-net.h5')).subarray(0, 20_000));
    const cases: [string, RegExp][] = [
      [fixture('gru.keras'), /class "GRU".*LSTM/],
      [damaged, /HDF5 structure is damaged/],
    ];
    for (const [file, reason] of cases) {
      const model = path.join(folder, 'never');
      const { code, stderr, stdout } = await rondo(['import-keras', file, '--notes', notes, '--out', model]);
      expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, stdout: '', lines: 1 });
      expect(stderr).toMatch(reason);
      expect(fs.existsSync(model)).toBe(false);
    }
  });
});

const data = process.env.RONDO_CHECK_DATA;

describe.skipIf(data === undefined)('a trained network and its notes pickle (needs RONDO_CHECK_DATA)', () => {
  it('goes on from a window of its corpus with the likeliest note of Keras', async () => {
    const source = path.join(data ?? '', 'keras-weights');
    const { files } = json<{ files: Record<string, { reference: { argmax: number }[] }> }>(
      path.join(source, 'predictions.json'),
    );
    const [[name, { reference }]] = Object.entries(files);
    const model = path.join(folder, 'trained');
    const pickle = path.join(source, 'notes.pickle');
    await rondoJson(['import-keras', path.join(source, name), '--notes', pickle, '--out', model]);
    const { windows } = json<{ windows: number[][] }>(path.join(model, 'seeds.json'));
    const prime = write('window.json', windows[0]); // the corpus' beginning, as the first reference
    const out = path.join(folder, 'trained.mid');
    await rondoJson([
      'generate',
      model,
      '--argmax',
      '--prime-ids',
      prime,
      '--no-include-prime',
      '--length',
      '1',
      '--out',
      out,
    ]);
    const tokenizer = Tokenizer.fromJSON(json(path.join(model, 'tokenizer.json')));
    expect(music(readMidi(fs.readFileSync(out)))).toEqual(music(tokenizer.decode([reference[0].argmax])));
  });

  it('goes on for a hundred notes by arg-max as its weights do in double precision', async () => {
    const model = path.join(folder, 'trained');
    const { spec } = json<{ spec: NetworkSpec }>(path.join(model, 'config.json'));
    const tensors = readSafetensors(fs.readFileSync(path.join(model, 'model.safetensors')));
    const { windows } = json<{ windows: number[][] }>(path.join(model, 'seeds.json'));
    const tokenizer = Tokenizer.fromJSON(json(path.join(model, 'tokenizer.json')));
    const expected: number[] = [];
    for (let window = windows[1]; expected.length < 100; window = [...window.slice(1), expected.at(-1) ?? 0]) {
      const logits = float64Logits(spec, tensors, window);
      expected.push(logits.indexOf(Math.max(...logits)));
    }
    const out = path.join(folder, 'hundred.mid');
    const prime = write('second-window.json', windows[1]);
    await rondoJson(['generate', model, '--argmax', '--prime-ids', prime, '--no-include-prime', '--length', '100', '--out', out]); // prettier-ignore
    expect(new Set(expected).size).toBeGreaterThan(3);
    expect(music(readMidi(fs.readFileSync(out)))).toEqual(music(tokenizer.decode(expected)));
  });
});
