import { Network, type NetworkSpec } from '@rondo/core-native';
import { expect, it } from 'vitest';
import { countParameters } from './parameter-count.js';

const head = { kind: 'softmax', name: 'next', vocabulary: 7 } as const;
const tokens = { name: 'tokens', vocabulary: 7 };
const specs: Record<string, NetworkSpec> = {
  'the tutorial’s layout': {
    inputs: [{ kind: 'scalar', ...tokens }],
    layers: [
      { kind: 'lstm', units: 5, recurrentDropout: 0.3 },
      { kind: 'lstm', units: 4, returnSequences: false },
      { kind: 'batchNorm' },
      { kind: 'dropout', rate: 0.3 },
      { kind: 'dense', units: 6 },
      { kind: 'activation', activation: 'relu' },
      { kind: 'batchNorm' },
    ],
    heads: [head],
  },
  'both directions, several inputs and heads': {
    inputs: [
      { kind: 'embedding', ...tokens, units: 3 },
      { kind: 'oneHot', name: 'place', vocabulary: 4 },
      { kind: 'dense', name: 'force', units: 2 },
    ],
    layers: [
      { kind: 'lstm', units: 5, bidirectional: true },
      { kind: 'batchNorm' },
      { kind: 'lstm', units: 2, bidirectional: true },
    ],
    heads: [head, { kind: 'regression', name: 'velocity', units: 3 }],
  },
  'a tied head': {
    inputs: [{ kind: 'embedding', ...tokens, units: 3 }],
    layers: [
      { kind: 'lstm', units: 5 },
      { kind: 'dense', units: 3 },
    ],
    heads: [{ ...head, tied: 'tokens', smoothing: 0.1 }],
  },
  'no layers': { inputs: [{ kind: 'oneHot', ...tokens }], layers: [], heads: [head] },
};

it.each(Object.entries(specs))('counts as the engine does: %s', (_, spec) => {
  const network = Network.create(spec, { seed: 1, device: 'cpu', threads: 1 });
  expect(countParameters(network.spec)).toBe(network.parameterCount);
  network.dispose();
});
