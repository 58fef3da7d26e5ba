import { describe, expect, it } from 'vitest';
import { relativeError } from './testing/keras-fixture.js';
import { codeOf, create, everything, plain, randomBatch, VOCABULARY } from './testing/small-networks.js';

function softmax(logits: Float32Array): number[] {
  const rows = [];
  for (let start = 0; start < logits.length; start += VOCABULARY) {
    const row = [...logits.subarray(start, start + VOCABULARY)];
    const largest = Math.max(...row);
    const powers = row.map((logit) => Math.exp(logit - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    rows.push(...powers.map((power) => power / sum));
  }
  return rows;
}

async function trained() {
  const network = create(everything);
  for (let step = 0; step < 3; step += 1) await network.trainStep(randomBatch(step), { learningRate: 1e-2 });
  return network;
}

describe('stream', () => {
  it.each([1, 4])('with %i rows gives at every position what predict gives', async (rows) => {
    const network = await trained();
    const batch = randomBatch(7, rows, 9);
    const expected = await network.predict(batch);
    const stream = network.openStream({ rows });
    expect(stream.rows).toBe(rows);
    for (let step = 0; step < batch.time; step += 1) {
      const ids = Int32Array.from(batch.inputs['token'] ?? []).subarray(step * rows, (step + 1) * rows);
      const logits = stream.step(ids);
      const size = rows * VOCABULARY;
      expect(logits.length).toBe(size);
      expect(relativeError(softmax(logits), expected.subarray(step * size, (step + 1) * size))).toBeLessThan(1e-5);
    }
  });

  it('primes asynchronously with the bits of single steps', async () => {
    const network = await trained();
    const ids = Int32Array.of(1, 2, 3, 4, 5, 6, 0, 1);
    const single = network.openStream({ rows: 2 });
    let logits = new Float32Array();
    for (let step = 0; step < 4; step += 1) logits = Float32Array.from(single.step(ids.slice(2 * step, 2 * step + 2)));
    const several = network.openStream({ rows: 2 });
    expect(await several.steps(ids, 4)).toEqual(logits);
    expect(several.readState()).toEqual(single.readState());
  });

  it('restores a state, and resets one row or all', async () => {
    const network = await trained();
    const stream = network.openStream({ rows: 2 });
    const fresh = stream.step(Int32Array.of(3, 3));
    const state = stream.readState();
    const second = stream.step(Int32Array.of(4, 5));
    stream.writeState(state);
    expect(stream.step(Int32Array.of(4, 5))).toEqual(second);
    stream.reset(0);
    const mixed = stream.step(Int32Array.of(3, 3));
    expect(mixed.subarray(0, VOCABULARY)).toEqual(fresh.subarray(0, VOCABULARY));
    expect(mixed.subarray(VOCABULARY)).not.toEqual(fresh.subarray(VOCABULARY));
    stream.reset();
    expect(stream.step(Int32Array.of(3, 3))).toEqual(fresh);
  });

  it('follows the weights of its network', async () => {
    const network = await trained();
    const stream = network.openStream();
    const before = stream.step(Int32Array.of(1));
    await network.trainStep(randomBatch(8), { learningRate: 1e-2 });
    stream.reset();
    expect(stream.step(Int32Array.of(1))).not.toEqual(before);
  });

  it('multiplies with weights of fewer bits, near the logits of all of them, and primes with the bits of its steps', async () => {
    const network = await trained();
    const exact = network.openStream();
    const ids = Int32Array.of(1, 2, 3, 4);
    const expected = await exact.steps(ids, 4);
    for (const precision of ['bf16', 'int8'] as const) {
      const stream = network.openStream({ precision });
      expect(stream.precision).toBe(precision);
      const primed = await stream.steps(ids, 4);
      expect(primed).not.toEqual(expected);
      expect(relativeError(primed, expected)).toBeLessThan(0.05);
      const single = network.openStream({ precision });
      ids.forEach((id, t) => {
        const logits = single.step(Int32Array.of(id));
        if (t === 3) expect(logits).toEqual(primed);
      });
    }
    expect(await codeOf(() => network.openStream({ precision: 'fp16' as never }))).toBe('RONDO_ENGINE_OPTION');
  });

  it('tells the bytes that a step reads', () => {
    const layers = [128, 256].map((units) => ({ kind: 'lstm', units }) as const);
    const network = create({ ...plain, layers });
    const bytes = (['fp32', 'bf16', 'int8'] as const).map((precision) => network.openStream({ precision }).weightBytes);
    expect(bytes[1] / bytes[0]).toBeCloseTo(1 / 2, 1);
    expect(bytes[2] / bytes[0]).toBeCloseTo(1 / 4, 1);
  });

  it('evaluates with the weights of its streams', async () => {
    const network = await trained();
    const batch = randomBatch(5);
    const losses = [];
    for (const precision of ['fp32', 'bf16', 'int8'] as const)
      losses.push((await network.evaluate(batch, { precision })).loss);
    expect(new Set(losses).size).toBe(3);
    for (const loss of losses) expect(Math.abs(loss - losses[0])).toBeLessThan(0.01 * losses[0]);
    expect((await network.evaluate(batch)).loss).toBe(losses[0]);
  });

  it('takes several inputs by name', async () => {
    const network = create({
      inputs: [
        { kind: 'oneHot', name: 'token', vocabulary: VOCABULARY },
        { kind: 'dense', name: 'beat', units: 2 },
      ],
      layers: [{ kind: 'lstm', units: 5 }],
      heads: [{ kind: 'softmax', name: 'next', vocabulary: VOCABULARY }],
    });
    const stream = network.openStream();
    const first = stream.step({ token: Int32Array.of(2), beat: Float32Array.of(0, 1) });
    stream.reset();
    const other = stream.step({ token: Int32Array.of(2), beat: Float32Array.of(1, 0) });
    expect(other).not.toEqual(first);
    stream.reset();
    const steps = { token: Int32Array.of(0, 2), beat: Float32Array.of(0, 0, 1, 0) };
    const primed = await stream.steps(steps, 2);
    stream.reset();
    stream.step({ token: Int32Array.of(0), beat: Float32Array.of(0, 0) });
    expect(stream.step({ token: Int32Array.of(2), beat: Float32Array.of(1, 0) })).toEqual(primed);
    expect(() => stream.step(Int32Array.of(2))).toThrow(/stream: inputs: expected arrays by name \(token, beat\)/);
  });

  it('refuses what does not fit', async () => {
    const network = create(plain);
    const stream = network.openStream({ rows: 2 });
    expect(() => stream.step(Int32Array.of(1))).toThrow(/inputs: expected Int32Array\(2\), received Int32Array\(1\)/);
    expect(() => stream.step(Int32Array.of(1, VOCABULARY))).toThrow(/row 1: expected 0 … 6, received 7/);
    expect(() => stream.step(Float32Array.of(1, 1) as never)).toThrow(/expected arrays by name/);
    expect(() => stream.step({ note: Int32Array.of(1, 1) })).toThrow(/expected the names token, received "note"/);
    expect(() => stream.reset(2)).toThrow(/stream: row: expected 0 … 1, received 2/);
    expect(await codeOf(() => stream.writeState(new Float32Array(3)))).toBe('RONDO_ENGINE_SHAPE');
    expect(await codeOf(() => stream.steps(Int32Array.of(1, 1), 0))).toBe('RONDO_ENGINE_OPTION');
    expect(await codeOf(() => network.openStream({ rows: 0 }))).toBe('RONDO_ENGINE_OPTION');
  });

  it('is refused by a network that reads backwards', async () => {
    const network = create({ ...plain, layers: [{ kind: 'lstm', units: 4, bidirectional: true }] });
    expect(await codeOf(() => network.openStream())).toBe('RONDO_ENGINE_UNSUPPORTED');
  });

  it('ends with dispose, its own or that of its network', async () => {
    const network = create(plain);
    const one = network.openStream();
    const two = network.openStream();
    one.dispose();
    one.dispose();
    expect(await codeOf(() => one.step(Int32Array.of(1)))).toBe('RONDO_ENGINE_DISPOSED');
    expect(two.step(Int32Array.of(1)).length).toBe(VOCABULARY);
    network.dispose();
    expect(await codeOf(() => two.step(Int32Array.of(1)))).toBe('RONDO_ENGINE_DISPOSED');
    expect(await codeOf(() => two.steps(Int32Array.of(1), 1))).toBe('RONDO_ENGINE_DISPOSED');
    two.dispose();
  });
});
