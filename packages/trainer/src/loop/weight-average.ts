import type { Network, Tensors } from '@rondo/core-native';

/** Updates from one look at the weights to the next: looking at each would cost time and say little more. */
const EVERY = 8;

/**
 * The moving average of a network's parameters over its updates: where a constant rate keeps the weights wandering around a
 * valley, their average lies in it (Polyak and Juditsky; Izmailov and others, 2018). It depends on the number of updates
 * alone.
 */
export class WeightAverage {
  /** @param decay share that the average keeps from one update to the next */
  constructor(
    private readonly decay: number,
    private tensors: Tensors = new Map(),
  ) {}

  /** To be stored; empty before the first look. */
  get state(): Tensors {
    return this.tensors;
  }

  /** Goes back to what was stored. */
  restore(tensors: Tensors): void {
    this.tensors = tensors;
  }

  /** Takes the weights after update `step` (1 = the first) in, where it is their turn. */
  take(network: Network, step: number): void {
    if (step % EVERY !== 0) return;
    const present = network.readParameters();
    if (this.tensors.size === 0) {
      this.tensors = present;
      return;
    }
    const looks = step / EVERY;
    // Young averages forget faster: the first weights are worth little.
    const kept = Math.min(this.decay ** EVERY, looks / (looks + 9));
    for (const [name, { data }] of present) blend(this.tensors.get(name)?.data, data, kept);
  }

  /** Does something with the average in the network's place; what was in it comes back afterwards. */
  async lend<Result>(network: Network, act: () => Promise<Result>): Promise<Result> {
    if (this.tensors.size === 0) return act();
    const present = network.readParameters();
    network.writeParameters(this.tensors);
    try {
      return await act();
    } finally {
      network.writeParameters(present);
    }
  }
}

function blend(average: Float32Array | undefined, present: Float32Array, kept: number): void {
  if (average === undefined) return;
  for (let i = 0; i < average.length; i++) {
    const before = average[i] as number;
    average[i] = before + (1 - kept) * ((present[i] as number) - before);
  }
}
