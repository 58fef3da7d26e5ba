import { describe, expect, it } from 'vitest';
import { bits, codeOf, create, plain, randomBatch, VOCABULARY } from './testing/small-networks.js';

const update = { learningRate: 1e-3 };
const wide = { ...plain, layers: [{ kind: 'lstm' as const, units: 200 }] };

describe('lifetime', () => {
  it('a stream may be disposed of while its steps run: they end, later ones are refused', async () => {
    const stream = create(wide).openStream();
    const running = stream.steps(new Int32Array(5000).fill(1), 5000);
    stream.dispose();
    await expect(running).resolves.toHaveLength(VOCABULARY);
    expect(await codeOf(() => stream.step(Int32Array.of(1)))).toBe('RONDO_ENGINE_DISPOSED');
    stream.dispose();
  });

  it('a network may be disposed of while the steps of its stream run', async () => {
    const network = create(wide);
    const stream = network.openStream();
    const running = codeOf(() => stream.steps(new Int32Array(5000).fill(1), 5000));
    network.dispose();
    expect([undefined, 'RONDO_ENGINE_DISPOSED']).toContain(await running.catch(() => undefined));
    expect(await codeOf(() => stream.step(Int32Array.of(1)))).toBe('RONDO_ENGINE_DISPOSED');
    expect(await codeOf(() => network.trainStep(randomBatch(1), update))).toBe('RONDO_ENGINE_DISPOSED');
    expect(network.memoryBytes).toBe(0);
  });

  it('two calls at once, of a stream and of its network: one is refused, both survive', async () => {
    const network = create(wide);
    const stream = network.openStream();
    const running = stream.steps(new Int32Array(5000).fill(1), 5000);
    expect(await codeOf(() => network.trainStep(randomBatch(1), update))).toBe('RONDO_ENGINE_BUSY');
    expect(await codeOf(() => stream.steps(Int32Array.of(1), 1))).toBe('RONDO_ENGINE_BUSY');
    expect(await codeOf(() => stream.step(Int32Array.of(1)))).toBe('RONDO_ENGINE_BUSY');
    await running;
    expect((await network.trainStep(randomBatch(1), update)).updated).toBe(true);
  });
});

describe('arrays of other kinds', () => {
  const with_ = (token: unknown) => ({ ...randomBatch(1), inputs: { token: token as Int32Array } });
  const ids = randomBatch(1).inputs['token'] as Int32Array;

  it('are refused by name: other types, plain arrays, detached buffers', async () => {
    const network = create(plain);
    const detached = Int32Array.from(ids);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const strange = [Float32Array.from(ids), BigInt64Array.from([...ids].map(BigInt)), [...ids], detached, null, 'ids'];
    for (const value of [...strange, new DataView(ids.buffer), ids.buffer, { length: ids.length }])
      expect(await codeOf(() => network.trainStep(with_(value), update))).toBe('RONDO_ENGINE_SHAPE');
    expect((await network.trainStep(randomBatch(1), update)).updated).toBe(true);
  });

  it('views into larger and shared buffers are read where they stand', async () => {
    const [expected, seen] = [create(plain), create(plain)];
    await expected.trainStep(randomBatch(1), update);
    const shared = new Int32Array(new SharedArrayBuffer(4 * (ids.length + 9)), 20, ids.length);
    shared.set(ids);
    await seen.trainStep(with_(shared), update);
    expect(bits(seen.readParameters())).toEqual(bits(expected.readParameters()));
  });
});
