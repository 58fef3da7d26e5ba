import { describe, expect, it } from 'vitest';
import { EngineError } from './errors.js';
import type { NetworkSpec } from './network-spec.js';
import { resolveNetworkSpec, resolveOptimizerSpec } from './resolve-spec.js';

const small: NetworkSpec = {
  inputs: [{ kind: 'embedding', name: 'token', vocabulary: 5, units: 3 }],
  layers: [{ kind: 'lstm', units: 4 }, { kind: 'batchNorm' }, { kind: 'dense', units: 2 }],
  heads: [{ kind: 'softmax', name: 'next', vocabulary: 5 }],
};

function complaint(spec: unknown): string {
  try {
    resolveNetworkSpec(spec as NetworkSpec);
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).code).toBe('RONDO_ENGINE_SPEC');
    return (error as EngineError).message;
  }
  throw new Error('the spec was accepted');
}

describe('network spec', () => {
  it('fills in every default', () => {
    expect(resolveNetworkSpec(small)).toEqual({
      inputs: small.inputs,
      layers: [
        {
          kind: 'lstm',
          units: 4,
          bidirectional: false,
          recurrentDropout: 0,
          recurrentDropoutMode: 'perGate',
          returnSequences: true,
          gateActivation: 'sigmoid',
        },
        { kind: 'batchNorm', momentum: 0.99, epsilon: 1e-3 },
        { kind: 'dense', units: 2, activation: 'linear' },
      ],
      heads: [{ kind: 'softmax', name: 'next', vocabulary: 5, weight: 1, smoothing: 0 }],
    });
  });

  it('resolves a resolved spec to itself', () => {
    const resolved = resolveNetworkSpec(small);
    expect(resolveNetworkSpec(JSON.parse(JSON.stringify(resolved)) as NetworkSpec)).toEqual(resolved);
  });

  it('names unknown keys and their place', () => {
    expect(complaint({ ...small, layers: [{ kind: 'lstm', units: 4, recurentDropout: 0.3 }] })).toBe(
      'network spec: layers[0]: unknown key "recurentDropout"; correct or remove it',
    );
    expect(complaint({ ...small, optimiser: 1 })).toBe('network spec: unknown key "optimiser"; correct or remove it');
  });

  it('says what was expected and what came', () => {
    expect(complaint({ ...small, layers: [{ kind: 'lstm', units: 0 }] })).toBe(
      'network spec: layers[0].units: expected at least 1, received 0',
    );
    expect(complaint({ ...small, layers: [{ kind: 'dropout', rate: 1 }] })).toBe(
      'network spec: layers[0].rate: expected less than 1, received 1',
    );
    expect(complaint({ ...small, layers: [{ kind: 'dense', units: 2, activation: 'gelu' }] })).toBe(
      'network spec: layers[0].activation: expected one of linear, relu, tanh, sigmoid, softmax, received "gelu"',
    );
    expect(complaint({ ...small, heads: [] })).toBe(
      'network spec: heads: expected at least 1 entry, received Array(0)',
    );
    expect(complaint(undefined)).toBe('network spec: expected object, received nothing');
  });

  it('names an unknown kind of layer', () => {
    expect(complaint({ ...small, layers: [{ kind: 'gru', units: 4 }] })).toMatch(
      /layers\[0\]\.kind: expected one of lstm, batchNorm, dropout, dense, activation, received "gru"/,
    );
  });

  it('refuses an lstm after the last step was taken', () => {
    const layers = [
      { kind: 'lstm', units: 4, returnSequences: false },
      { kind: 'lstm', units: 4 },
    ];
    expect(complaint({ ...small, layers })).toMatch(/layers\[1\]: an lstm needs a sequence, but layers\[0\]/);
  });

  it('refuses a tied head that its table does not fit, with what to do', () => {
    const tied = (head: object, inputs: object[] = small.inputs) =>
      complaint({ ...small, inputs, heads: [{ ...small.heads[0], tied: 'token', ...head }] });
    expect(tied({})).toBe(
      'network spec: heads[0].tied: expected 3 features before the head, as many as the embedding "token" has units, ' +
        'received 2; end the layers with { kind: "dense", units: 3 }',
    );
    expect(tied({ tied: 'tokens' })).toBe(
      'network spec: heads[0].tied: expected the name of an embedding input, received "tokens"',
    );
    expect(tied({}, [{ kind: 'oneHot', name: 'token', vocabulary: 5 }])).toMatch(/received "token"$/);
    expect(tied({ vocabulary: 6 })).toBe(
      'network spec: heads[0].tied: expected an embedding over the head\'s vocabulary of 6, but "token" has one of 5',
    );
    expect(tied({ smoothing: 1 })).toBe('network spec: heads[0].smoothing: expected less than 1, received 1');
  });

  it('refuses names that are used twice or that would garble parameter names', () => {
    const head = { kind: 'regression', name: 'next', units: 1 };
    expect(complaint({ ...small, heads: [...small.heads, head] })).toMatch(/heads: the name "next" is used twice/);
    expect(complaint({ ...small, heads: [{ ...head, name: 'a.b' }] })).toMatch(/heads\[0\]\.name: must be a name/);
  });
});

describe('optimizer spec', () => {
  it('fills in the defaults of Keras', () => {
    expect(resolveOptimizerSpec({ kind: 'rmsprop' })).toEqual({
      kind: 'rmsprop',
      rho: 0.9,
      epsilon: 1e-7,
      epsilonPlacement: 'insideRoot',
      momentum: 0,
      centered: false,
    });
    expect(resolveOptimizerSpec({ kind: 'adamw', beta1: 0.8 })).toEqual({
      kind: 'adamw',
      beta1: 0.8,
      beta2: 0.999,
      epsilon: 1e-7,
      weightDecay: 0.004,
    });
  });

  it('names unknown keys', () => {
    const spec = { kind: 'adam', learningRate: 1e-3 } as unknown as { kind: 'adam' };
    expect(() => resolveOptimizerSpec(spec)).toThrow(
      'optimizer spec: unknown key "learningRate"; correct or remove it',
    );
  });
});
