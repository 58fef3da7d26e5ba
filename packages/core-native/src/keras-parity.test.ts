import { describe, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import type { NetworkSpec } from './network-spec.js';
import { readTutorialFixture, relativeError, tensorsFromKeras } from './testing/keras-fixture.js';
import { create } from './testing/small-networks.js';

const fixture = readTutorialFixture();
const { batch, time, vocabulary, units, dense } = fixture;

const tutorial: NetworkSpec = {
  inputs: [{ kind: 'scalar', name: 'token', vocabulary }],
  layers: [
    { kind: 'lstm', units },
    { kind: 'lstm', units },
    { kind: 'lstm', units, returnSequences: false },
    { kind: 'batchNorm' },
    { kind: 'dropout', rate: 0 },
    { kind: 'dense', units: dense },
    { kind: 'activation', activation: 'relu' },
    { kind: 'batchNorm' },
    { kind: 'dropout', rate: 0 },
  ],
  heads: [{ kind: 'softmax', name: 'next', vocabulary }],
};

function fixtureBatch(): Batch {
  const token = new Int32Array(batch * time);
  fixture.inputIds.forEach((row, b) => row.forEach((id, t) => (token[t * batch + b] = id)));
  return { batch, time, inputs: { token }, targets: { next: Int32Array.from(fixture.targets) } };
}

describe("the tutorial's network", () => {
  it.each([1, 2])('makes the same three training steps as Keras, with %i threads', async (threads) => {
    const network = create(tutorial, { threads });
    network.writeParameters(tensorsFromKeras(fixture.start));
    for (const step of fixture.steps) {
      const result = await network.trainStep(fixtureBatch(), { learningRate: 1e-3 });
      expect(relativeError([result.loss], [step.loss])).toBeLessThanOrEqual(1e-5);
      expect(result.hits / result.weightSum).toBeCloseTo(step.accuracy, 12);
    }
    expect(network.stepCount).toBe(3);
    const end = network.readParameters();
    const expected = tensorsFromKeras(fixture.end);
    expect([...end.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, { data }] of expected) {
      expect.soft(relativeError(end.get(name)?.data ?? [], data), name).toBeLessThanOrEqual(1e-5);
    }
    const probabilities = await network.predict({ ...fixtureBatch(), targets: undefined as never });
    expect(relativeError(probabilities, fixture.probabilities.data)).toBeLessThanOrEqual(1e-5);
    network.dispose();
  });
});
