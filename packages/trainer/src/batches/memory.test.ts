import { expect, it } from 'vitest';
import type { PieceSource } from './piece-source.js';
import { planBatches } from './plan.js';

/** Ten thousand million tokens that are never anywhere: each is computed when it is read. */
const endless: PieceSource = {
  count: 100_000,
  length: () => 100_000,
  file: (piece) => `${piece}.mid`,
  read: (piece, start, count, out, offset) => {
    for (let i = 0; i < count; i++) out[offset + i] = (piece + start + i) % 1000;
  },
};

const held = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

it.each(['all', 'last'] as const)(
  'objective %s: ten thousand million tokens cost a few numbers per piece',
  (objective) => {
    const before = held();
    const plan = planBatches(objective, endless, {
      names: { input: 'i', head: 'h' },
      sequence: 100,
      batch: 64,
      seed: 1,
    });
    const epoch = plan.epoch(3);
    const { batch } = epoch.batchAt(Math.floor(epoch.steps / 2));
    expect(held() - before).toBeLessThan(16e6);
    expect(plan.tokensPerEpoch).toBeGreaterThan(9.9e9);
    expect(batch.batch * batch.time).toBe(6400);
  },
);
