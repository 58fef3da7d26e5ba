import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { create, plain, randomBatch } from './testing/small-networks.js';

const update = { learningRate: 1e-2 };

describe('garbage collection', () => {
  const soon = () => new Promise((resolve) => setImmediate(resolve));

  it('spares a network that works or has a stream, and frees it afterwards', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const forget = () => {
      const [worker, owner] = [create(plain), create(plain)];
      const held = { running: worker.trainStep(randomBatch(1), update), stream: owner.openStream() };
      return { ...held, networks: [new WeakRef(worker), new WeakRef(owner)] };
    };
    const { running, stream, networks } = forget();
    for (let round = 0; round < 3; round += 1) {
      collect();
      await soon();
    }
    expect((await running).updated).toBe(true);
    expect(stream.step(Int32Array.of(1)).length).toBe(7);
    await soon();
    collect();
    expect(networks.map((network) => network.deref())).toEqual([undefined, undefined]);
    expect(stream.step(Int32Array.of(1)).length).toBe(7); // the native part is still there
  });

  it('happens without being asked for, because V8 knows how large a network is', async () => {
    let freed = 0;
    const registry = new FinalizationRegistry(() => (freed += 1));
    const wide = { ...plain, layers: [{ kind: 'dense' as const, units: 250_000 }] };
    expect(create(wide).memoryBytes).toBeGreaterThan(40e6);
    for (let round = 0; round < 30; round += 1) {
      registry.register(create(wide), undefined);
      await soon();
    }
    expect(freed).toBeGreaterThan(10);
  });
});
