import { describe, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import type { HeadSpec, InputSpec, LayerSpec } from './network-spec.js';
import type { OptimizerSpec } from './optimizer-spec.js';
import { create, randomBatch, VOCABULARY } from './testing/small-networks.js';

const token: InputSpec = { kind: 'embedding', name: 'token', vocabulary: VOCABULARY, units: 5 };
const lstm: LayerSpec = { kind: 'lstm', units: 6 };
const next: HeadSpec = { kind: 'softmax', name: 'next', vocabulary: VOCABULARY };

interface Parts {
  inputs: InputSpec[];
  layers: LayerSpec[];
  heads: HeadSpec[];
  optimizer: OptimizerSpec;
}

/** All parameters after two training steps, as one text: different settings must give different ones. */
async function fate(parts: Partial<Parts>, change: Partial<Batch> = {}): Promise<string> {
  const { inputs = [token], layers = [lstm], heads = [next], optimizer = { kind: 'rmsprop' } } = parts;
  const network = create({ inputs, layers, heads }, { optimizer });
  const batch = { ...randomBatch(3, 4, 5), ...change };
  for (let step = 0; step < 2; step += 1) await network.trainStep(batch, { learningRate: 1e-2 });
  const evaluation = await network.evaluate(batch);
  const text = JSON.stringify([
    evaluation.loss,
    ...[...network.readParameters().values()].map(({ data }) => [...data]),
  ]);
  expect(text).not.toContain('null'); // NaN
  network.dispose();
  return text;
}

async function expectDifferent(variants: Partial<Parts>[]): Promise<void> {
  const fates = [];
  for (const variant of variants) fates.push(await fate(variant));
  expect(new Set(fates).size).toBe(variants.length);
}

describe('every option of a spec reaches the engine', () => {
  it('lstm', () =>
    expectDifferent([
      { layers: [lstm] },
      { layers: [{ ...lstm, units: 7 }] },
      { layers: [{ ...lstm, bidirectional: true }] },
      { layers: [{ ...lstm, gateActivation: 'hardSigmoid' }] },
      { layers: [{ ...lstm, recurrentDropout: 0.3 }] },
      { layers: [{ ...lstm, recurrentDropout: 0.5 }] },
      { layers: [{ ...lstm, recurrentDropout: 0.5, recurrentDropoutMode: 'shared' }] },
    ]));

  it('batch norm and dropout', () =>
    expectDifferent([
      { layers: [lstm, { kind: 'batchNorm' }] },
      { layers: [lstm, { kind: 'batchNorm', momentum: 0.9 }] },
      { layers: [lstm, { kind: 'batchNorm', epsilon: 0.1 }] },
      { layers: [lstm, { kind: 'dropout', rate: 0.3 }] },
      { layers: [lstm, { kind: 'dropout', rate: 0.6 }] },
      { layers: [lstm, { kind: 'dropout', rate: 0.6, mode: 'perSequence' }] },
    ]));

  it('dense and activations', () =>
    expectDifferent(
      (['linear', 'relu', 'tanh', 'sigmoid', 'softmax'] as const).map((activation) => ({
        layers: [lstm, { kind: 'dense', units: 4, activation }],
      })),
    ));

  it('a dense layer with an activation is a dense layer and an activation layer', async () => {
    const joined = await fate({ layers: [lstm, { kind: 'dense', units: 4, activation: 'tanh' }] });
    const apart = [lstm, { kind: 'dense', units: 4 }, { kind: 'activation', activation: 'tanh' }] as LayerSpec[];
    expect(await fate({ layers: apart })).toBe(joined);
  });

  it('heads', async () => {
    const layers: LayerSpec[] = [lstm, { kind: 'dense', units: 5 }];
    const weights: HeadSpec[] = [{ ...next, weight: 2 }];
    await expectDifferent([
      { layers },
      { layers, heads: weights },
      { layers, heads: [{ ...next, smoothing: 0.1 }] },
      { layers, heads: [{ ...next, smoothing: 0.2 }] },
      { layers, heads: [{ ...next, tied: 'token' }] },
    ]);
  });

  it('inputs', () =>
    expectDifferent([
      { inputs: [token] },
      { inputs: [{ ...token, units: 6 }] },
      { inputs: [{ kind: 'scalar', name: 'token', vocabulary: VOCABULARY }] },
      { inputs: [{ kind: 'scalar', name: 'token', vocabulary: 2 * VOCABULARY }] },
      { inputs: [{ kind: 'oneHot', name: 'token', vocabulary: VOCABULARY }] },
    ]));

  it('optimisers', () =>
    expectDifferent(
      (
        [
          { kind: 'rmsprop' },
          { kind: 'rmsprop', rho: 0.8 },
          { kind: 'rmsprop', epsilon: 1e-3 },
          { kind: 'rmsprop', epsilon: 1e-3, epsilonPlacement: 'outsideRoot' },
          { kind: 'rmsprop', momentum: 0.5 },
          { kind: 'rmsprop', centered: true },
          { kind: 'adam' },
          { kind: 'adam', beta1: 0.8 },
          { kind: 'adam', beta2: 0.9 },
          { kind: 'adam', epsilon: 1e-3 },
          { kind: 'adamw' },
          { kind: 'adamw', weightDecay: 0.1 },
        ] as OptimizerSpec[]
      ).map((optimizer) => ({ optimizer })),
    ));

  it('several inputs and heads', async () => {
    const beat: InputSpec = { kind: 'dense', name: 'beat', units: 2 };
    const inputs = [token, beat];
    const values = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i));
    const { inputs: ids, targets } = randomBatch(3, 4, 5);
    const batch = { inputs: { ...ids, beat: values(40) }, targets: { ...targets, velocity: values(60) } };
    const heads = (weight: number): HeadSpec[] => [next, { kind: 'regression', name: 'velocity', units: 3, weight }];
    const fates = [
      await fate({ inputs, heads: heads(1) }, batch),
      await fate({ inputs, heads: heads(0.5) }, batch),
      await fate({ inputs, heads: heads(1) }, { ...batch, inputs: { ...ids, beat: new Float32Array(40) } }),
    ];
    expect(new Set(fates).size).toBe(3);
  });
});

describe('every part of a batch reaches the engine', () => {
  it('weights, lengths, resets, carried state and row offset', async () => {
    const layers: LayerSpec[] = [{ ...lstm, recurrentDropout: 0.5 }];
    const resets = new Uint8Array(20).fill(1, 8, 12);
    const changes: Partial<Batch>[] = [
      {},
      { weights: Float32Array.from({ length: 20 }, (_, i) => (i % 3) / 2) },
      { lengths: Int32Array.of(5, 4, 3, 5) },
      { resets },
      { carryState: true },
      { rowOffset: 4 },
    ];
    const fates = [];
    for (const change of changes) fates.push(await fate({ layers }, change));
    expect(new Set(fates).size).toBe(changes.length);
    expect(await fate({ layers }, { weights: new Float32Array(20).fill(1), lengths: new Int32Array(4).fill(5) })).toBe(
      fates[0],
    );
  });

  it('targets [B] when only the last step comes out', async () => {
    const network = create({ inputs: [token], layers: [{ ...lstm, returnSequences: false }], heads: [next] });
    const { batch, time, inputs } = randomBatch(1, 4, 5);
    const result = await network.evaluate({ batch, time, inputs, targets: { next: Int32Array.of(0, 1, 2, 3) } });
    expect(result.weightSum).toBe(4);
    expect((await network.predict({ batch, time, inputs })).length).toBe(4 * VOCABULARY);
    await expect(network.evaluate(randomBatch(1, 4, 5))).rejects.toThrow(/targets\.next: expected Int32Array\(4\)/);
  });
});
