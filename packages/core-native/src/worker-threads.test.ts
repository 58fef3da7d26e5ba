import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { checkBatch } from './batch-validation.js';
import { addonInfo } from './device.js';
import type { Network } from './network.js';
import { create, everything, plain, randomBatch } from './testing/small-networks.js';

const update = { learningRate: 1e-2 };

/** Loads the addon in another environment and trains there; the sources of this package need a compiler, it does not. */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { path, config, batches, update, endless } = workerData;
  const binding = require(path);
  async function main() {
    const network = binding.createNetwork(config);
    if (endless) {
      parentPort.postMessage('started');
      for (;;) await network.trainStep(batches[0], update);
    }
    const losses = [];
    for (const batch of batches) losses.push((await network.trainStep(batch, update)).loss);
    let code;
    try { await network.update(update); } catch (error) { code = error.code; }
    parentPort.postMessage({ losses, code });
  }
  main();
`;

function startWorker(network: Network, sizes: { batch: number; time: number }, endless: boolean): Worker {
  const { spec, optimizer } = network;
  const batches = [1, 2, 3].map((seed) =>
    checkBatch(spec, { ...randomBatch(seed, sizes.batch, sizes.time), carryState: true }, 'targets'),
  );
  const config = { spec, optimizer, seed: 1, device: 'cpu', threads: 1 };
  return new Worker(PROGRAM, { eval: true, workerData: { path: addonInfo().path, config, batches, update, endless } });
}

describe('worker threads', () => {
  it('give the same results as the main thread, at the same time', async () => {
    const network = create(everything);
    const sizes = { batch: 5, time: 6 };
    const workers = [startWorker(network, sizes, false), startWorker(network, sizes, false)];
    const exits = Promise.all(workers.map((worker) => once(worker, 'exit')));
    const messages = Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as unknown));
    const losses = [];
    for (const seed of [1, 2, 3]) {
      losses.push((await network.trainStep({ ...randomBatch(seed, 5, 6), carryState: true }, update)).loss);
    }
    for (const message of await messages) expect(message).toEqual({ losses, code: 'RONDO_ENGINE_SHAPE' });
    expect(await exits).toEqual([[0], [0]]);
  });

  it('may be terminated in the middle of a step', async () => {
    const network = create({ ...plain, layers: [{ kind: 'lstm', units: 64 }] });
    for (let round = 0; round < 5; round += 1) {
      const worker = startWorker(network, { batch: 32, time: 50 }, true);
      await once(worker, 'message');
      await new Promise((resolve) => setTimeout(resolve, 7 * round));
      expect(await worker.terminate()).toBe(1);
    }
    expect((await network.trainStep(randomBatch(1), update)).updated).toBe(true);
  });
});
