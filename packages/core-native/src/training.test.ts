import { describe, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import type { Network } from './network.js';
import { relativeError } from './testing/keras-fixture.js';
import { bits, countingBatch, create, everything, plain, randomBatch, VOCABULARY } from './testing/small-networks.js';

const update = { learningRate: 3e-3, clipNorm: 1 };

async function train(network: Network, from: number, to: number): Promise<number[]> {
  const losses = [];
  for (let step = from; step < to; step += 1) {
    losses.push((await network.trainStep({ ...randomBatch(step), carryState: true }, update)).loss);
  }
  return losses;
}

function snapshot(network: Network) {
  return {
    parameters: bits(network.readParameters()),
    slots: bits(network.readOptimizerSlots()),
    state: bits(network.readTrainingState()),
    stepCount: network.stepCount,
  };
}

/** Steps [from, to) of a batch. */
function timeSlice(batch: Batch, from: number, to: number): Batch {
  const cut = (values: Int32Array | Float32Array) => values.slice(from * batch.batch, to * batch.batch);
  return {
    batch: batch.batch,
    time: to - from,
    inputs: { token: cut(batch.inputs['token'] ?? new Int32Array()) },
    targets: { next: cut(batch.targets?.['next'] ?? new Int32Array()) },
  };
}

describe('training', () => {
  it('gives the same bits for one thread and for two', async () => {
    const one = create(everything, { threads: 1 });
    const two = create(everything, { threads: 2 });
    expect(await train(two, 0, 5)).toEqual(await train(one, 0, 5));
    expect(snapshot(two)).toEqual(snapshot(one));
    expect(await two.predict(randomBatch(9))).toEqual(await one.predict(randomBatch(9)));
  });

  it('starts from the seed alone', () => {
    const start = (seed: number) => bits(create(everything, { seed }).readParameters());
    expect(start(5)).toEqual(start(5));
    expect(start(5)).not.toEqual(start(6));
    expect(start(2 ** 40 + 5)).not.toEqual(start(5));
  });

  it('does in accumulate and update what it does in trainStep', async () => {
    const whole = create(everything);
    const split = create(everything);
    for (let step = 0; step < 3; step += 1) {
      const expected = await whole.trainStep(randomBatch(step), update);
      const { loss, hits } = await split.accumulate(randomBatch(step));
      const { gradientNorm } = await split.update(update);
      expect({ loss, hits, gradientNorm }).toEqual({
        loss: expected.loss,
        hits: expected.hits,
        gradientNorm: expected.gradientNorm,
      });
    }
    expect(snapshot(split)).toEqual(snapshot(whole));
  });

  it('takes the next batch ahead while a step runs, and gives the same bits', async () => {
    const [told, silent] = [create(everything), create(everything)];
    for (let step = 0; step < 4; step += 1) {
      const running = told.trainStep(randomBatch(step), update);
      told.stage(randomBatch(step + 1));
      await running;
      await silent.trainStep(randomBatch(step), update);
    }
    expect(bits(told.readParameters())).toEqual(bits(silent.readParameters()));
  });

  it('counts several accumulated batches like one large batch', async () => {
    const rows = (batch: Batch, from: number, to: number): Batch => {
      const pick = (ids: Int32Array | Float32Array | undefined) =>
        Int32Array.from(ids ?? []).filter((_, at) => at % batch.batch >= from && at % batch.batch < to);
      return {
        batch: to - from,
        time: batch.time,
        inputs: { token: pick(batch.inputs['token']) },
        targets: { next: pick(batch.targets?.['next']) },
        rowOffset: from,
      };
    };
    const withMasks = { ...plain, layers: [{ kind: 'lstm' as const, units: 9, recurrentDropout: 0.3 }] };
    const large = create(withMasks);
    const slices = create(withMasks);
    await large.accumulate(randomBatch(1));
    await slices.accumulate(rows(randomBatch(1), 0, 2));
    await slices.accumulate(rows(randomBatch(1), 2, 6));
    for (const [name, { data }] of large.readGradients()) {
      expect.soft(relativeError(slices.readGradients().get(name)?.data ?? [], data), name).toBeLessThan(1e-5);
    }
  });

  it('updates with gradients that were written as with its own', async () => {
    const whole = create(everything);
    const given = create(everything);
    await whole.accumulate(randomBatch(1));
    given.writeGradients(whole.readGradients());
    const expected = await whole.update(update);
    expect((await given.update(update)).gradientNorm).toBeCloseTo(expected.gradientNorm, 6);
    const end = given.readParameters();
    for (const { name } of whole.parameters.filter(({ trainable }) => trainable)) {
      const wanted = whole.readParameters().get(name)?.data ?? [];
      expect.soft(relativeError(end.get(name)?.data ?? [], wanted), name).toBeLessThan(1e-5);
    }
  });

  it('continues with the same bits in a fresh network that was given everything', async () => {
    const first = create(everything);
    await train(first, 0, 3);
    const resumed = create(everything, { seed: 1 });
    resumed.writeParameters(first.readParameters());
    resumed.writeOptimizerSlots(first.readOptimizerSlots());
    resumed.writeTrainingState(first.readTrainingState());
    resumed.stepCount = first.stepCount;
    expect(await train(resumed, 3, 6)).toEqual(await train(first, 3, 6));
    expect(snapshot(resumed)).toEqual(snapshot(first));
  });

  it('learns to count', async () => {
    const network = create(plain, { optimizer: { kind: 'adam' } });
    const untrained = await network.evaluate(countingBatch(1000));
    expect(Math.abs(untrained.loss - Math.log(VOCABULARY))).toBeLessThan(0.1);
    let loss = Infinity;
    for (let step = 0; step < 150; step += 1) {
      loss = (await network.trainStep(countingBatch(step), { learningRate: 0.02, clipNorm: 1 })).loss;
    }
    const { hits, weightSum, ...held } = await network.evaluate(countingBatch(1000));
    expect(loss).toBeLessThan(0.2); // the first step of a row is a guess between two: log(2) / 12 = 0.058 remains
    expect(held.loss).toBeLessThan(0.2);
    expect(hits / weightSum).toBeGreaterThan(0.9);
  });

  it('reports a step that is not finite and leaves the parameters alone', async () => {
    const network = create(plain);
    const tensors = network.readParameters();
    tensors.get('heads.next.bias')?.data.fill(NaN);
    network.writeParameters(tensors);
    const before = snapshot(network);
    const result = await network.trainStep(randomBatch(0), update);
    expect(result).toMatchObject({ finite: false, updated: false });
    expect(snapshot(network)).toEqual(before);
  });
});

describe('evaluation', () => {
  it('over two halves with carried state equals one long sequence', async () => {
    const network = create(everything);
    await train(network, 0, 3);
    const long = randomBatch(20, 5, 12);
    const whole = await network.evaluate(long);
    network.resetState();
    const first = await network.evaluate({ ...timeSlice(long, 0, 5), carryState: true });
    const second = await network.evaluate({ ...timeSlice(long, 5, 12), carryState: true });
    expect(first.lossSum + second.lossSum).toBeCloseTo(whole.lossSum, 4);
    expect(first.hits + second.hits).toBe(whole.hits);
    expect(first.weightSum + second.weightSum).toBe(whole.weightSum);
    whole.rows.nll.forEach((nll, row) => {
      expect((first.rows.nll[row] ?? NaN) + (second.rows.nll[row] ?? NaN)).toBeCloseTo(nll, 4);
    });
  });

  it('leaves the state of training alone', async () => {
    const network = create(everything);
    await train(network, 0, 2);
    const before = snapshot(network);
    await network.evaluate({ ...randomBatch(30), carryState: true });
    await network.predict({ ...randomBatch(31), carryState: true });
    expect(snapshot(network)).toEqual(before);
  });

  it('sums its rows to its totals, and knows nothing of padding', async () => {
    const network = create(plain);
    const batch = randomBatch(3, 4, 8);
    const lengths = Int32Array.of(8, 3, 5, 0);
    const padded = await network.evaluate({ ...batch, lengths });
    expect(padded.weightSum).toBe(16);
    expect([...padded.rows.weight]).toEqual([8, 3, 5, 0]);
    expect(padded.rows.nll.reduce((sum, nll) => sum + nll, 0)).toBeCloseTo(padded.lossSum, 6);
    expect(padded.loss).toBeCloseTo(padded.lossSum / 16, 6);
    const other = { ...batch, lengths, inputs: { token: batch.inputs['token']?.slice() ?? new Int32Array() } };
    for (let step = 3; step < 8; step += 1) other.inputs.token[step * 4 + 1] = 6;
    expect((await network.evaluate(other)).rows).toEqual(padded.rows);
  });

  it('starts a row afresh where it is reset', async () => {
    const network = create(plain);
    const long = randomBatch(4, 3, 10);
    const resets = new Uint8Array(30);
    resets.fill(1, 4 * 3, 5 * 3);
    const whole = await network.evaluate({ ...long, resets });
    const first = await network.evaluate(timeSlice(long, 0, 4));
    const second = await network.evaluate(timeSlice(long, 4, 10));
    expect(first.lossSum + second.lossSum).toBeCloseTo(whole.lossSum, 5);
  });
});
