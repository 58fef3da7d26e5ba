import { Network, resolveNetworkSpec } from '@rondo/core-native';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { adaptToObjective } from './objective.js';
import { findPreset, PRESET_NAMES } from './presets.js';
import { DEFAULT_SETTINGS, resolveSettings } from './settings.js';

const spec = (name: string, vocabulary: number) => {
  const preset = findPreset(name);
  return adaptToObjective(preset.network(vocabulary), resolveSettings(preset.settings).objective);
};

describe('presets', () => {
  it.each(PRESET_NAMES)('%s is a network that the engine takes, with settings that hold', (name) => {
    const { inputs, heads } = resolveNetworkSpec(spec(name, 20));
    expect([...inputs, ...heads]).toEqual([
      expect.objectContaining({ vocabulary: 20 }),
      expect.objectContaining({ kind: 'softmax', vocabulary: 20 }),
    ]);
    expect(resolveSettings(findPreset(name).settings).epochs).toBeGreaterThan(0);
  });

  it('tutorial has 5,462,572 values at a vocabulary of 300', () => {
    const network = Network.create(spec('tutorial', 300), { seed: 1, device: 'cpu', threads: 1 });
    expect(network.parameterCount).toBe(5_462_572);
    network.dispose();
  });

  it('tutorial follows the report: windows of 100, batches of 128, 20 epochs, RMSprop at 0.001, no clipping', () => {
    for (const name of ['tutorial', 'tutorial-fig6', 'tutorial-fig7']) {
      expect(resolveSettings(findPreset(name).settings)).toMatchObject({
        objective: 'last',
        sequence: 100,
        batch: 128,
        epochs: 20,
        optimizer: { kind: 'rmsprop' },
        learningRate: 0.001,
        schedule: 'constant',
        clipNorm: 0,
      });
    }
  });

  it('the figures’ networks are theirs: kinds and units in order', () => {
    const layers = (name: string) =>
      spec(name, 300).layers.map((layer) => ('units' in layer ? layer.units : layer.kind));
    expect(layers('tutorial-fig6')).toEqual([256, 'dropout', 512, 'dropout', 256, 256, 'dropout']);
    expect(layers('tutorial-fig7')).toEqual([512, 'dropout', 512, 'dropout', 512, 256, 'dropout']);
  });

  it('an unknown preset is named together with those that exist', () => {
    expect(() => findPreset('tiny')).toThrow(UsageError);
    expect(() => findPreset('tiny')).toThrow(/"tiny"; choose one of tutorial, .*nottingham/);
    expect(() => findPreset('toString')).toThrow(UsageError);
  });
});

describe('adaptToObjective', () => {
  const sequences = (name: string, objective: 'all' | 'last') =>
    adaptToObjective(findPreset(name).network(10), objective).layers.flatMap((layer) =>
      layer.kind === 'lstm' ? [layer.returnSequences] : [],
    );

  it('lets the topmost LSTM give its last step for `last` and its sequence for `all`', () => {
    expect(sequences('tutorial', 'last')).toEqual([true, true, false]);
    expect(sequences('tutorial', 'all')).toEqual([true, true, true]);
    expect(sequences('medium', 'last')).toEqual([true, false]);
  });

  it('refuses `all` for networks that read backwards', () => {
    expect(() => sequences('bilstm', 'all')).toThrow(UsageError);
    expect(sequences('bilstm', 'last')).toEqual([true, false]);
  });
});

describe('resolveSettings', () => {
  it('lays later settings over earlier ones and skips undefined', () => {
    expect(resolveSettings({ batch: 7, epochs: 3 }, { batch: 9, epochs: undefined })).toEqual({
      ...DEFAULT_SETTINGS,
      batch: 9,
      epochs: 3,
    });
  });

  it('refuses unknown keys and values out of range, by name', () => {
    expect(() => resolveSettings({ bach: 1 } as object)).toThrow(/Unknown training option bach/);
    expect(() => resolveSettings({ learningRate: Number.NaN })).toThrow(UsageError);
  });

  it.each([
    [{ epochs: 0 }, 'epochs: expected a whole number from 1 up, received 0'],
    [{ batch: 2.5 }, 'batch: expected a whole number from 1 up, received 2.5'],
    [{ batch: 1e12 }, 'batch: expected a whole number up to 16777216, received 1000000000000'],
    [{ seed: -1 }, 'seed: expected a whole number from 0 up, received -1'],
    [{ learningRate: 0 }, 'learningRate: expected a number above 0 and up to 10, received 0'],
    [{ clipNorm: Number.NaN }, 'clipNorm: expected a number from 0 up, received NaN'],
    [{ finalShare: 2 }, 'finalShare: expected a number from 0 to 1, received 2'],
    [{ schedule: 'sine' }, 'schedule: expected constant, cosine or linear, received "sine"'],
    [{ objective: null }, 'objective: expected all or last, received null'],
    [{ optimizer: 'adam' }, 'optimizer: expected an optimizer spec such as { kind: "adamw" }, received "adam"'],
    [
      { epochs: 0, sequence: '8' },
      'sequence: expected a whole number from 1 up, received "8"; epochs: expected a whole number from 1 up, received 0',
    ],
  ])('says of %j in one plain line what it expected', (given, message) => {
    expect(() => resolveSettings(given as object)).toThrow(new UsageError(message));
  });
});
