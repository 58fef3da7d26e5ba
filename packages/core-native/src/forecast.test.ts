import { describe, expect, it } from 'vitest';
import { forecastMemory } from './forecast.js';
import { Network } from './network.js';
import type { NetworkSpec } from './network-spec.js';
import type { OptimizerSpec } from './optimizer-spec.js';
import { codeOf, everything, plain, randomBatch, tied } from './testing/small-networks.js';

const bidirectional: NetworkSpec = {
  ...plain,
  layers: [
    { kind: 'lstm', units: 70, bidirectional: true, recurrentDropout: 0.1 },
    { kind: 'lstm', units: 33, returnSequences: false },
    { kind: 'batchNorm' },
  ],
};
const cases: [string, NetworkSpec, OptimizerSpec][] = [
  ['every kind of layer', everything, { kind: 'adam' }],
  ['plain, with three slots', plain, { kind: 'rmsprop', momentum: 0.5, centered: true }],
  ['a tied head', tied, { kind: 'adamw' }],
  ['bidirectional, last step only', bidirectional, { kind: 'rmsprop' }],
];

describe('forecast of memory', () => {
  it.each(cases)('is what the network then holds, to the byte: %s', async (_, spec, optimizer) => {
    const [batch, time] = [6, 11];
    const options = { device: 'cpu', threads: 2, optimizer } as const;
    const forecast = forecastMemory(spec, { ...options, batch, time });
    const network = Network.create(spec, { seed: 1, ...options });
    const data = { ...randomBatch(1, batch, time), carryState: true };
    const last = network.spec.layers.some((layer) => layer.kind === 'lstm' && !layer.returnSequences);
    const targets = { next: data.targets['next']!.slice(0, last ? batch : undefined) };
    await network.trainStep({ ...data, targets }, { learningRate: 1e-3 });
    await network.evaluate({ ...data, targets });
    expect(forecast.total).toBe(network.memoryBytes);
    const { device, total, ...parts } = forecast;
    expect(device).toEqual(network.device);
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
    expect(forecast.parameters).toBeGreaterThanOrEqual(4 * network.parameterCount);
  });

  it('is quick and right for networks that no machine holds', () => {
    const huge: NetworkSpec = {
      inputs: [{ kind: 'embedding', name: 'token', vocabulary: 4_000_000, units: 4_000_000 }],
      layers: Array.from({ length: 50 }, () => ({ kind: 'lstm', units: 4_000_000, bidirectional: true })),
      heads: [{ kind: 'softmax', name: 'next', vocabulary: 4_000_000 }],
    };
    const began = process.cpuUsage();
    const forecast = forecastMemory(huge, { device: 'cpu', threads: 1, batch: 2 ** 16, time: 2 ** 16 });
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(1);
    expect(forecast.parameters).toBeGreaterThan(1e16);
    expect(forecast.work).toBe(2 ** 62); // the most that is counted
    expect(forecast.total).toBeGreaterThan(2 ** 62);
  });

  it('names wrong options', async () => {
    const code = (options: object) =>
      codeOf(() => forecastMemory(plain, { device: 'cpu', threads: 1, batch: 1, time: 1, ...options }));
    expect(await code({ batch: 0 })).toBe('RONDO_ENGINE_OPTION');
    expect(await code({ time: 1.5 })).toBe('RONDO_ENGINE_OPTION');
    expect(await code({ batch: 2 ** 24, time: 2 ** 24 })).toBe('RONDO_ENGINE_SHAPE');
    expect(await code({ optimizer: { kind: 'sgd' } })).toBe('RONDO_ENGINE_SPEC');
  });
});
