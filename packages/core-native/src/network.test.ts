import { describe, expect, it } from 'vitest';
import { addonInfo, listDevices } from './device.js';
import { EngineError } from './errors.js';
import { Network } from './network.js';
import { bits, codeOf, create, everything, plain, randomBatch, tied } from './testing/small-networks.js';

const update = { learningRate: 1e-3 };
const unknownGpu = listDevices().every(({ kind }) => kind !== 'cuda');

describe('network', () => {
  it('tells what it is', () => {
    const network = create(everything, { threads: 1 });
    expect(network.spec.layers[2]).toEqual({ kind: 'batchNorm', momentum: 0.99, epsilon: 1e-3 });
    expect(network.optimizer).toMatchObject({ kind: 'rmsprop', rho: 0.9 });
    expect(network.device.kind).toBe('cpu');
    expect(network.threads).toBe(1);
    expect(network.stepCount).toBe(0);
    expect(network.parameters.map(({ name }) => name)).toEqual([
      'inputs.token.embedding',
      'layers.0.kernel',
      'layers.0.recurrentKernel',
      'layers.0.bias',
      'layers.2.gamma',
      'layers.2.beta',
      'layers.2.movingMean',
      'layers.2.movingVariance',
      'layers.3.kernel',
      'layers.3.recurrentKernel',
      'layers.3.bias',
      'layers.5.kernel',
      'layers.5.bias',
      'heads.next.kernel',
      'heads.next.bias',
    ]);
    expect(network.parameters[1]).toEqual({ name: 'layers.0.kernel', shape: [6, 36], trainable: true });
    expect(network.parameters.filter(({ trainable }) => !trainable).length).toBe(2);
    // 7·6 + (6 + 9 + 1)·36 + 4·9 + (9 + 8 + 1)·32 + (8 + 1)·10 + (10 + 1)·7
    expect(network.parameterCount).toBe(42 + 576 + 36 + 576 + 90 + 77);
    expect(network.memoryBytes).toBeGreaterThan(3 * 4 * network.parameterCount);
  });

  it('has the table of a tied head once, under the input’s name', () => {
    const network = create(tied);
    const names = network.parameters.map(({ name }) => name);
    expect(names.filter((name) => /embedding|heads/.test(name))).toEqual(['inputs.token.embedding', 'heads.next.bias']);
    expect(network.spec.heads).toEqual(tied.heads.map((head) => ({ ...head, weight: 1 })));
    expect(Network.create(network.spec, { seed: 1, device: 'cpu' }).parameterCount).toBe(network.parameterCount);
  });

  it('computes in fp32 on the CPU, and says so when asked for less', async () => {
    expect(create(plain).precision).toBe('fp32');
    expect(create(plain, { precision: 'fp32' }).precision).toBe('fp32');
    expect(await codeOf(() => create(plain, { precision: 'bf16' }))).toBe('RONDO_ENGINE_UNSUPPORTED');
    expect(await codeOf(() => create(plain, { precision: 'fp8' as 'bf16' }))).toBe('RONDO_ENGINE_OPTION');
  });

  it('reserves what training then holds', async () => {
    const network = create(plain);
    const before = network.memoryBytes;
    network.reserve({ time: 5, batch: 3 });
    const reserved = network.memoryBytes;
    expect(reserved).toBeGreaterThan(before);
    await network.trainStep(randomBatch(1, 3, 5), update);
    expect(network.memoryBytes).toBe(reserved);
    expect(await codeOf(() => network.reserve({ time: 0, batch: 3 }))).toBe('RONDO_ENGINE_OPTION');
  });

  it("has the tutorial's number of parameters", () => {
    const network = create({
      inputs: [{ kind: 'scalar', name: 'token', vocabulary: 300 }],
      layers: [
        { kind: 'lstm', units: 512, recurrentDropout: 0.3 },
        { kind: 'lstm', units: 512, recurrentDropout: 0.3 },
        { kind: 'lstm', units: 512, returnSequences: false },
        { kind: 'batchNorm' },
        { kind: 'dropout', rate: 0.3 },
        { kind: 'dense', units: 256, activation: 'relu' },
        { kind: 'batchNorm' },
        { kind: 'dropout', rate: 0.3 },
      ],
      heads: [{ kind: 'softmax', name: 'next', vocabulary: 300 }],
    });
    expect(network.parameterCount).toBe(5_462_572);
    network.dispose();
  });

  it('names a wrong option', () => {
    const make = (options: object) => () => Network.create(plain, { seed: 1, ...options });
    expect(make({ sead: 2 })).toThrow('network options: unknown key "sead"; correct or remove it');
    expect(make({ seed: -1 })).toThrow('network options: seed: expected at least 0, received -1');
    expect(make({ device: 'tpu' })).toThrow(/device: expected one of auto, cpu, cuda, received "tpu"/);
    expect(make({ optimizer: { kind: 'sgd' } })).toThrow(/optimizer spec: kind: expected one of rmsprop, adam, adamw/);
    expect(() => Network.create(plain, undefined as never)).toThrow(/network options: expected object/);
  });

  it.runIf(unknownGpu)('says when there is no CUDA device', async () => {
    expect(await codeOf(() => create(plain, { device: 'cuda' }))).toBe('RONDO_ENGINE_DEVICE');
    expect(create(plain, { device: 'auto' }).device.kind).toBe('cpu');
  });

  it('rejects wrong batches and options, and works on', async () => {
    const network = create(plain);
    const batch = randomBatch(1);
    expect(await codeOf(() => network.trainStep({ ...batch, inputs: {} }, update))).toBe('RONDO_ENGINE_SHAPE');
    expect(await codeOf(() => network.trainStep(batch, { learningRate: 0 }))).toBe('RONDO_ENGINE_OPTION');
    expect(await codeOf(() => network.trainStep(batch, { ...update, clip: 1 } as never))).toBe('RONDO_ENGINE_OPTION');
    expect(await codeOf(() => network.update(update))).toBe('RONDO_ENGINE_SHAPE');
    expect(await codeOf(() => (network.stepCount = 0.5))).toBe('RONDO_ENGINE_OPTION');
    expect((await network.trainStep(batch, update)).finite).toBe(true);
    expect(network.stepCount).toBe(1);
  });

  it('takes copies of a batch: what is written into it later changes nothing', async () => {
    const batch = randomBatch(1);
    const expected = await create(plain).trainStep(randomBatch(1), update);
    const running = create(plain).trainStep(batch, update);
    batch.inputs['token']?.fill(0);
    batch.targets['next']?.fill(0);
    expect(await running).toEqual(expected);
  });
});

describe('tensors', () => {
  it('are copies', () => {
    const network = create(plain);
    const before = bits(network.readParameters());
    network.readParameters().get('heads.next.kernel')?.data.fill(7);
    expect(bits(network.readParameters())).toEqual(before);
  });

  it('are refused with a wrong name, shape or type, and nothing is changed', () => {
    const network = create(plain);
    const before = bits(network.readParameters());
    const changed = (name: string, tensor: unknown) => () =>
      network.writeParameters(network.readParameters().set(name, tensor as never));
    const data = new Float32Array(7);
    expect(changed('heads.last.bias', { shape: [7], data })).toThrow(/parameters: unknown heads\.last\.bias/);
    expect(changed('heads.next.bias', { shape: [8], data: new Float32Array(8) })).toThrow(
      'parameters: heads.next.bias: expected shape [7], received [8]',
    );
    expect(changed('heads.next.bias', { shape: [7], data: new Float32Array(6) })).toThrow(/received Float32Array\(6\)/);
    expect(changed('heads.next.bias', { shape: [7], data: [...data] })).toThrow(/received Array\(7\)/);
    expect(() => network.writeParameters(new Map())).toThrow(/missing inputs\.token\.embedding, .* more/);
    expect(bits(network.readParameters())).toEqual(before);
  });

  it('hold the state of training only after a call that carried it', async () => {
    const network = create(plain);
    expect(network.readTrainingState().size).toBe(0);
    await network.trainStep({ ...randomBatch(1, 3, 4), carryState: true }, update);
    const state = network.readTrainingState();
    expect([...state].map(([name, { shape }]) => [name, shape])).toEqual([
      ['layers.0.h', [3, 9]],
      ['layers.0.c', [3, 9]],
      ['layers.1.h', [3, 8]],
      ['layers.1.c', [3, 8]],
    ]);
    const wrong = new Map(state).set('layers.0.h', { shape: [3, 8], data: new Float32Array(24) });
    expect(await codeOf(() => network.writeTrainingState(wrong))).toBe('RONDO_ENGINE_SHAPE');
    network.resetState();
    expect([...network.readTrainingState().values()].every(({ data }) => data.every((value) => value === 0))).toBe(
      true,
    );
  });
});

describe('one call at a time', () => {
  it('refuses other calls while one runs, and lets it finish', async () => {
    const network = create(plain);
    const stream = network.openStream();
    const running = network.trainStep(randomBatch(1), update);
    for (const call of [
      () => network.trainStep(randomBatch(1), update),
      () => network.evaluate(randomBatch(1)),
      () => network.readParameters(),
      () => network.resetState(),
      () => network.openStream(),
      () => (network.stepCount = 3),
      () => stream.step(Int32Array.of(1)),
      () => stream.steps(Int32Array.of(1), 1),
    ]) {
      expect(await codeOf(() => call())).toBe('RONDO_ENGINE_BUSY');
    }
    expect(network.stepCount).toBe(0);
    expect((await running).updated).toBe(true);
    expect(network.stepCount).toBe(1);
    expect(stream.step(Int32Array.of(1)).length).toBe(7);
  });

  it('runs different networks side by side', async () => {
    const networks = [1, 2, 3].map((seed) => create(plain, { seed }));
    const results = await Promise.all(networks.map((network) => network.trainStep(randomBatch(1), update)));
    expect(results.every(({ updated }) => updated)).toBe(true);
  });
});

describe('dispose', () => {
  it('may be called again, and ends all use', async () => {
    const network = create(plain);
    network.dispose();
    network.dispose();
    expect(network.disposed).toBe(true);
    expect(network.memoryBytes).toBe(0);
    expect(network.parameterCount).toBeGreaterThan(0);
    for (const call of [
      () => network.trainStep(randomBatch(1), update),
      () => network.update(update),
      () => network.predict(randomBatch(1)),
      () => network.readParameters(),
      () => network.openStream(),
      () => network.resetState(),
      () => (network.stepCount = 1),
    ]) {
      expect(await codeOf(() => call())).toBe('RONDO_ENGINE_DISPOSED');
    }
  });

  it('lets a running step finish', async () => {
    const network = create(plain);
    const stream = network.openStream();
    const running = network.trainStep(randomBatch(1), update);
    network.dispose();
    stream.dispose();
    expect(network.disposed).toBe(true);
    expect(await codeOf(() => network.readParameters())).toBe('RONDO_ENGINE_DISPOSED');
    expect((await running).updated).toBe(true);
    expect(network.memoryBytes).toBe(0);
  });
});

describe('errors of a worker', () => {
  it("carry a code and the caller's stack", async () => {
    const network = create(plain);
    async function theCaller() {
      await network.update(update);
    }
    const error = await theCaller().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).stack).toContain('theCaller');
    expect((error as EngineError).stack).toContain((error as EngineError).message);
  });
});

describe('the machine', () => {
  it('lists the CPU first', () => {
    const [cpu] = listDevices();
    expect(cpu).toMatchObject({ kind: 'cpu', index: 0 });
    expect(cpu?.threads).toBeGreaterThan(0);
  });

  it('tells what was loaded', () => {
    const info = addonInfo();
    expect(info.path).toMatch(/\.node$/);
    expect(info.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(info.simd).not.toBe('');
    expect(info.cudaBuilt).toBe(info.cudaArchitectures.length > 0);
  });
});
