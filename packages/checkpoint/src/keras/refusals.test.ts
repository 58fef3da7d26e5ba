import { zipSync } from 'fflate';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { KerasError } from './errors.js';
import type { Layout } from './model/plan-layout.js';
import { type Description, editedKeras, writeFile } from './testing/edited.js';
import { fixture, FIXTURES, importFixture } from './testing/fixtures.js';

const layer = ({ config }: Description, at: number) => config.layers[at].config;

/** Places in the small tutorial network's list of layers. */
const [INPUT, FIRST, THIRD, NORM, LAST_DENSE, SOFTMAX] = [0, 1, 3, 4, 10, 11];

const EDITS: [string, (description: Description) => void, RegExp][] = [
  ['a GRU', (all) => void (all.config.layers[FIRST].class_name = 'GRU'), /"lstm_8" is of class "GRU"/],
  ['an inherited name', (all) => void (all.config.layers[FIRST].class_name = 'toString'), /of class "toString"/],
  ['another model class', (all) => void (all.class_name = 'Transformer'), /class "Transformer"/],
  [
    'two features',
    (all) => void (layer(all, INPUT).batch_shape = [null, 10, 2]),
    /shape .*10,2.* not \(batch, window, 1\)/,
  ],
  ['relu in an LSTM', (all) => void (layer(all, FIRST).activation = 'relu'), /activation = "relu"/],
  ['the hard sigmoid of Keras 3', (all) => void (layer(all, FIRST).recurrent_activation = 'hard_sigmoid'), /Keras 3/],
  ['reading backwards', (all) => void (layer(all, FIRST).go_backwards = true), /go_backwards/],
  ['a last step below an LSTM', (all) => void (layer(all, FIRST).return_sequences = false), /an LSTM follows/],
  ['all steps at the end', (all) => void (layer(all, THIRD).return_sequences = true), /gives all steps/],
  ['another axis', (all) => void (layer(all, NORM).axis = [0]), /axis/],
  ['no softmax', (all) => void (layer(all, SOFTMAX).activation = 'sigmoid'), /followed by sigmoid, not by a softmax/],
  ['an unknown activation', (all) => void (layer(all, LAST_DENSE).activation = 'gelu'), /"gelu"/],
  ['units of a text', (all) => void (layer(all, FIRST).units = 'many'), /"many" units/],
  [
    'a layer without config',
    (all) => void (all.config.layers[FIRST] = { class_name: 'LSTM' } as never),
    /without class/,
  ],
  ['no layers', (all) => void (all.config.layers = []), /no layers/],
];

describe('another architecture', () => {
  it.each(EDITS)('%s is refused by name, with what is supported', async (_, edit, reason) => {
    const error = await importFixture(await editedKeras(edit)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KerasError);
    expect(error).toMatchObject({ code: 'RONDO_KERAS_ARCHITECTURE', message: expect.stringMatching(reason) });
    expect((error as Error).message).toMatch(/Rondo reads chains of LSTM/);
  });

  it('a whole file with a GRU says so', async () => {
    await expect(importFixture(fixture('gru.keras'))).rejects.toThrow(/"gru" is of class "GRU"/);
  });
});

describe('weights that do not fit', () => {
  it.each([
    [5, /"lstm_8" do not fit: kernel: expected \(1, 20\), the file holds \(1, 32\)/],
    [4_000_000, /expected \(1, 16000000\)/],
  ])('%i units in the description are refused before anything is allocated', async (units, reason) => {
    const file = await editedKeras((all) => void (layer(all, FIRST).units = units));
    await expect(importFixture(file)).rejects.toMatchObject({
      code: 'RONDO_KERAS_WEIGHTS',
      message: expect.stringMatching(reason),
    });
  });

  it('a layer more or less than the file holds is refused', async () => {
    const without = await editedKeras((all) => void (layer(all, NORM).scale = false));
    await expect(importFixture(without)).rejects.toThrow(/holds 4 arrays, 3 belong/);
  });
});

describe('files of weights only', () => {
  const like = (
    sizes: Layout['sizes'],
    layers: Layout['spec']['layers'],
    kind: 'scalar' | 'oneHot' = 'scalar',
  ): Layout => ({
    name: 'mine',
    spec: {
      inputs: [{ kind, name: 'tokens', vocabulary: 11 }],
      layers,
      heads: [{ kind: 'softmax', name: 'next', vocabulary: 11 }],
    },
    sizes,
  });
  const lstms = [6, 5, 4].map((units) => ({ kind: 'lstm', units }) as const);
  const weights = fixture('figure-weights-only.h5');

  it('take a given spec', async () => {
    const { bundle } = await importFixture(weights, {
      like: like('spec', [...lstms, { kind: 'dense', units: 5, activation: 'tanh' }]),
      gate: 'hardSigmoid',
    });
    expect(bundle.config.spec.layers.map((one) => ('units' in one ? one.units : one.kind))).toEqual([6, 5, 4, 5]);
    expect(bundle.config.spec.layers[0]).toMatchObject({ gateActivation: 'hardSigmoid', returnSequences: true });
    expect(bundle.config.spec.layers.at(-1)).toMatchObject({ activation: 'tanh' });
  });

  it('refuse a spec of other sizes or kinds, naming both sides', async () => {
    const dense = { kind: 'dense', units: 7 } as const;
    await expect(importFixture(weights, { like: like('spec', [...lstms, dense]) })).rejects.toThrow(
      /expected \(4, 7\), the file holds \(4, 5\)/,
    );
    await expect(importFixture(weights, { like: like('spec', lstms) })).rejects.toThrow(
      /3 LSTM, 2 Dense, which mine does not have \(it has 3 LSTM, 1 Dense\)/,
    );
    await expect(importFixture(weights, { like: like('file', [...lstms, dense], 'oneHot') })).rejects.toMatchObject({
      code: 'RONDO_KERAS_LAYOUT',
    });
  });

  it('without a layout that fits ask for one', async () => {
    const file = fixture('functional.weights.h5');
    await expect(importFixture(file)).rejects.toThrow(/the file holds .* with arrays of/);
  });
});

describe('vocabularies', () => {
  it('of another size are refused with both sizes', async () => {
    const notes = await writeFile('notes.json', '["A4", "B4", "A4"]');
    await expect(importFixture(fixture('tutorial-net.h5'), { notes })).rejects.toMatchObject({
      code: 'RONDO_KERAS_VOCABULARY',
      message: expect.stringMatching(/2 different tokens, but the network predicts 11/),
    });
  });

  it('tell tokens that are no music', async () => {
    const tokens = ['A4', 'B4', 'C4', 'D4', 'E4', 'F4', 'G4', '0.4.7', '1', 'Rest', 'C5'];
    const notes = await writeFile('notes.json', JSON.stringify(tokens));
    const { report } = await importFixture(fixture('tutorial-net.h5'), { notes });
    expect(report.notes).toEqual([expect.stringMatching(/1 tokens are neither .*"Rest"/)]);
  });
});

describe('files of something else', () => {
  const notHdf5 = (name: string) => path.join(FIXTURES, name);

  it('are refused as such', async () => {
    await expect(importFixture(notHdf5('more-networks.json'))).rejects.toThrow(/does not begin as an HDF5 file/);
    await expect(importFixture(FIXTURES)).rejects.toThrow(/no file/);
    await expect(importFixture(notHdf5('absent.h5'))).rejects.toMatchObject({ code: 'RONDO_KERAS_MISSING' });
    const zip = await writeFile('x.keras', zipSync({ 'config.json': new Uint8Array(2) }));
    await expect(importFixture(zip)).rejects.toThrow(/holds no model.weights.h5/);
    const cut = await writeFile('x.h5', fs.readFileSync(fixture('tutorial-net.h5')).subarray(0, 30_000));
    await expect(importFixture(cut)).rejects.toMatchObject({ code: 'RONDO_KERAS_FORMAT' });
  });

  it('that unpack to more than is read are refused by what they declare', async () => {
    const bytes = Buffer.from(zipSync({ 'config.json': new Uint8Array(2), 'model.weights.h5': new Uint8Array(2) }));
    const entry = bytes.lastIndexOf('PK\x01\x02', undefined, 'latin1');
    bytes.writeUInt32LE(0xf0000000, entry + 24); // size of the last entry, unpacked
    await expect(importFixture(await writeFile('bomb.keras', bytes))).rejects.toMatchObject({
      code: 'RONDO_KERAS_LIMIT',
    });
  });
});
