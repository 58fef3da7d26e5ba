import { type LayerSpec, resolveNetworkSpec } from '@rondo/core-native';
import { createScheme, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { PRESET_NAMES, PRESETS, presetNetwork } from './presets.js';
import { changeShape, shapedNetwork } from './shape.js';

const shape = { embedding: 8, units: [16, 24], dropout: 0.2 };
const lstms = (layers: readonly LayerSpec[]) => layers.filter((layer) => layer.kind === 'lstm');

describe('changeShape', () => {
  it('changes what is given and leaves the rest', () => {
    expect(changeShape(shape, {})).toEqual(shape);
    expect(changeShape(shape, { units: 32, dropout: undefined })).toEqual({ ...shape, units: [32, 32] });
    expect(changeShape(shape, { layers: 4 }).units).toEqual([16, 24, 24, 24]);
    expect(changeShape(shape, { layers: 1, embedding: 5, inputDropout: 0.1, dropout: 0 })).toEqual({
      ...{ embedding: 5, units: [16], inputDropout: 0.1, dropout: 0 },
    });
  });

  it.each([
    [{ layers: 0 }, 'layers: expected a whole number from 1 to 64, received 0'],
    [{ units: 1.5 }, 'units: expected a whole number from 1 to 65536, received 1.5'],
    [{ dropout: 1 }, 'dropout: expected a number from 0 to below 1, received 1'],
    [{ batchNorm: 'yes' as never }, 'batchNorm: expected true or false, received "yes"'],
    [{ tied: 1 as never }, 'tied: expected true or false, received 1'],
    [{ labelSmoothing: 1 }, 'labelSmoothing: expected a number from 0 to below 1, received 1'],
    [{ recurrentDropout: Number.NaN }, 'recurrentDropout: expected a number from 0 to below 1, received NaN'],
  ])('says of %j what it expected', (changes, message) => {
    expect(() => changeShape(shape, changes)).toThrow(new UsageError(message));
  });
});

describe('the network of a shape', () => {
  it('has dropout inside the LSTMs where asked for', () => {
    expect(lstms(shapedNetwork(changeShape(shape, { recurrentDropout: 0.25 }))(9).layers)).toEqual([
      { kind: 'lstm', units: 16, recurrentDropout: 0.25 },
      { kind: 'lstm', units: 24, recurrentDropout: 0.25 },
    ]);
  });

  it('normalises what each LSTM gives where asked for, before dropout', () => {
    const kinds = shapedNetwork(changeShape(shape, { batchNorm: true }))(9).layers.map(({ kind }) => kind);
    expect(kinds).toEqual(['lstm', 'batchNorm', 'dropout', 'lstm', 'batchNorm', 'dropout']);
  });

  it('has a head of its own, or the table of token vectors behind a layer of its width, and smooth labels', () => {
    const own = shapedNetwork(shape)(9);
    expect(own.heads).toEqual([{ kind: 'softmax', name: 'next', vocabulary: 9 }]);
    expect(own.layers.at(-1)).toEqual({ kind: 'dropout', rate: 0.2, mode: 'perSequence' });
    const tied = shapedNetwork(changeShape(shape, { tied: true, labelSmoothing: 0.05 }))(9);
    expect(tied.heads).toEqual([{ ...own.heads[0], tied: 'tokens', smoothing: 0.05 }]);
    expect(tied.layers).toEqual([...own.layers, { kind: 'dense', units: 8 }]);
    const fitting = shapedNetwork({ ...shape, units: [8], tied: true })(9);
    expect(fitting.layers.map(({ kind }) => kind)).toEqual(['lstm', 'dropout']);
    const both = shapedNetwork({ ...shape, units: [4], bidirectional: true, tied: true })(9);
    expect(both.layers.map(({ kind }) => kind)).toEqual(['lstm', 'dropout']);
    for (const network of [tied, fitting, both]) expect(() => resolveNetworkSpec(network)).not.toThrow();
  });

  it('is told of the frames by schemes that have them, and only by those', () => {
    const network = shapedNetwork({ ...shape, told: { place: 4, above: 6 } });
    const vocabulary = new Vocabulary(['BOS', 'EOS', 'UNK', 'Frame', 'Pitch_60']);
    const grid = new Tokenizer(createScheme({ name: 'grid' }), vocabulary);
    expect(network(5, grid).inputs.slice(1)).toEqual([
      { kind: 'embedding', name: 'place', vocabulary: 16, units: 4 },
      { kind: 'embedding', name: 'above', vocabulary: 6, units: 6 },
    ]);
    expect(network(5).inputs).toHaveLength(1);
    expect(network(5, new Tokenizer(createScheme({ name: 'remi' }), vocabulary)).inputs).toHaveLength(1);
  });

  it('of a preset can be changed, unless it is a network of its own', () => {
    expect(lstms(presetNetwork('small', { layers: 2 })(9).layers)).toHaveLength(2);
    expect(presetNetwork('tutorial')).toBe(PRESETS.tutorial.network);
    expect(() => presetNetwork('tutorial', { units: 8 })).toThrow(/The preset tutorial is a network of its own/);
    expect(PRESET_NAMES.filter((name) => PRESETS[name].shape === undefined)).toEqual([
      'tutorial',
      'tutorial-fig6',
      'tutorial-fig7',
    ]);
  });
});
