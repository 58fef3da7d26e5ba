import { InferenceSession, Tensor } from 'onnxruntime-web';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';

const folder = temporaryFolder();
const fixtures = path.resolve(import.meta.dirname, '..', '..', '..', 'checkpoint', 'fixtures', 'keras');
const model = path.join(folder, 'model');

interface Expected {
  inputIds: number[][];
  networks: Record<string, { shape: number[]; data: number[] }>;
}

interface Port {
  name: string;
  shape: (number | string)[];
}

/** Two bidirectional layers, an LSTM, a dense layer and batch norms, with what Keras predicts. */
const expected = JSON.parse(fs.readFileSync(path.join(fixtures, 'more-networks.json'), 'utf8')) as Expected;

beforeAll(async () => {
  const notes = path.join(fixtures, 'tutorial-net-files.json');
  await rondoJson(['import-keras', path.join(fixtures, 'functional.keras'), '--notes', notes, '--out', model]);
}, 60_000);

describe('export', () => {
  it('takes a network from Keras to ONNX Runtime, with the probabilities of Keras', async () => {
    const file = path.join(folder, 'model.onnx');
    const report = await rondoJson<{ inputs: Port[] }>(['export', model, '--out', file]);
    expect(report).toMatchObject({ file, format: 'onnx', vocabulary: 11, bytes: fs.statSync(file).size });
    const session = await InferenceSession.create(fs.readFileSync(file), { executionProviders: ['wasm'] });
    const rows = expected.inputIds;
    const ids = BigInt64Array.from(rows.flat(), BigInt);
    const zeros = (units: number) =>
      new Tensor('float32', new Float32Array(rows.length * units), [1, rows.length, units]);
    const states = report.inputs.filter(({ name }) => name.startsWith('layers.'));
    expect(states.length).toBeGreaterThan(1);
    const outputs = await session.run({
      tokens: new Tensor('int64', ids, [rows.length, rows[0].length]),
      ...Object.fromEntries(states.map(({ name, shape }) => [name, zeros(Number(shape[2]))])),
    });
    const { data } = outputs['next.probabilities'];
    const differences = expected.networks.functional.data.map((p, at) => Math.abs(p - Number(data[at])));
    expect(differences).toHaveLength(data.length);
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  });

  it('writes weights with config and vocabulary in the header', async () => {
    const file = path.join(folder, 'weights.bin');
    const { code, stdout } = await rondo(['export', model, '--format', 'safetensors', '--out', file]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/safetensors, [\d,]+ parameters/) });
    const bytes = fs.readFileSync(file);
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0)))) as Record<
      string,
      Record<string, string>
    >;
    const { __metadata__: texts, ...tensors } = header;
    expect(JSON.parse(texts['config.json'])).toMatchObject({ format: 'rondo-bundle', preset: 'keras' });
    expect(JSON.parse(texts['tokenizer.json'])).toMatchObject({ tokens: expect.arrayContaining(['4.7.11']) });
    expect(Object.keys(tensors)).toContain('heads.next.kernel');
  });

  it('asks for a format where the name says none', async () => {
    const result = await rondo(['export', model, '--out', path.join(folder, 'model.bin')]);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(/\.onnx or \.safetensors/) });
  });
});
