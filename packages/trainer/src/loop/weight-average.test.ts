import { Network } from '@rondo/core-native';
import { afterAll, describe, expect, it } from 'vitest';
import { embeddedNetwork } from '../presets/networks.js';
import { WeightAverage } from './weight-average.js';

const network = Network.create(embeddedNetwork(5, { embedding: 3, units: [4] }), {
  seed: 1,
  device: 'cpu',
  threads: 1,
});
afterAll(() => network.dispose());

const BIAS = 'heads.next.bias';

function setBias(value: number): void {
  const tensors = network.readParameters();
  tensors.get(BIAS)!.data.fill(value);
  network.writeParameters(tensors);
}

const bias = () => network.readParameters().get(BIAS)!.data[0]!;
const averaged = (average: WeightAverage) => average.state.get(BIAS)?.data[0];

describe('WeightAverage', () => {
  it('looks at every eighth update, begins with the first look and forgets as the decay says', () => {
    const average = new WeightAverage(0.5);
    setBias(1);
    for (let step = 1; step < 8; step++) average.take(network, step);
    expect(averaged(average)).toBe(undefined);
    average.take(network, 8);
    expect(averaged(average)).toBe(1);
    setBias(3);
    average.take(network, 16);
    // 0.5 ** 8 is less than what a second look keeps.
    expect(averaged(average)).toBeCloseTo(3 - 2 * 0.5 ** 8, 6);
  });

  it('keeps little of the first looks, however slow it is', () => {
    const average = new WeightAverage(0.9999);
    setBias(0);
    average.take(network, 8);
    setBias(11);
    average.take(network, 16);
    expect(averaged(average)).toBeCloseTo(11 - 11 * (2 / 11), 5);
  });

  it('takes the place of the weights for as long as something is done, also where that fails', async () => {
    const average = new WeightAverage(0.5);
    setBias(2);
    average.take(network, 8);
    setBias(7);
    await average.lend(network, async () => expect(bias()).toBe(2));
    expect(bias()).toBe(7);
    await expect(average.lend(network, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(bias()).toBe(7);
  });
});
