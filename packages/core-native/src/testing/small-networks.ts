import type { Batch } from '../batch.js';
import { Network, type NetworkOptions } from '../network.js';
import type { NetworkSpec } from '../network-spec.js';
import type { Tensors } from '../tensors.js';

export const VOCABULARY = 7;

/** Every kind of layer with every kind of randomness, small. */
export const everything: NetworkSpec = {
  inputs: [{ kind: 'embedding', name: 'token', vocabulary: VOCABULARY, units: 6 }],
  layers: [
    { kind: 'lstm', units: 9, recurrentDropout: 0.3 },
    { kind: 'dropout', rate: 0.2, mode: 'perSequence' },
    { kind: 'batchNorm' },
    { kind: 'lstm', units: 8, recurrentDropout: 0.2, recurrentDropoutMode: 'shared' },
    { kind: 'dropout', rate: 0.3 },
    { kind: 'dense', units: 10, activation: 'relu' },
  ],
  heads: [{ kind: 'softmax', name: 'next', vocabulary: VOCABULARY }],
};

/** Nothing random and nothing that mixes rows: a row's result does not depend on its neighbours. */
export const plain: NetworkSpec = {
  inputs: [{ kind: 'embedding', name: 'token', vocabulary: VOCABULARY, units: 6 }],
  layers: [
    { kind: 'lstm', units: 9 },
    { kind: 'lstm', units: 8 },
  ],
  heads: [{ kind: 'softmax', name: 'next', vocabulary: VOCABULARY }],
};

/** The head is the embedding's table, transposed; its targets are smoothed. */
export const tied: NetworkSpec = {
  inputs: plain.inputs,
  layers: [
    { kind: 'lstm', units: 9, recurrentDropout: 0.3 },
    { kind: 'dense', units: 6 },
  ],
  heads: [{ kind: 'softmax', name: 'next', vocabulary: VOCABULARY, tied: 'token', smoothing: 0.1 }],
};

/** Made on the CPU, with two threads unless told otherwise. */
export function create(spec: NetworkSpec, options: Partial<NetworkOptions> = {}): Network {
  return Network.create(spec, { seed: 1, device: 'cpu', threads: 2, ...options });
}

/** A small deterministic generator (a linear congruence): 0 … bound − 1. */
export function numbers(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Random ids and random targets at every position. */
export function randomBatch(seed: number, batch = 6, time = 11): Batch & { targets: Record<string, Int32Array> } {
  const next = numbers(seed);
  const ids = () => Int32Array.from({ length: batch * time }, () => next(VOCABULARY));
  return { batch, time, inputs: { token: ids() }, targets: { next: ids() } };
}

/** Rows that count upwards by 1 or 2 modulo the vocabulary: the next token follows from the last two. */
export function countingBatch(seed: number, batch = 16, time = 12): Batch {
  const next = numbers(seed);
  const token = new Int32Array(batch * time);
  const target = new Int32Array(batch * time);
  for (let row = 0; row < batch; row += 1) {
    const stride = 1 + next(2);
    const start = next(VOCABULARY);
    for (let step = 0; step < time; step += 1) {
      token[step * batch + row] = (start + step * stride) % VOCABULARY;
      target[step * batch + row] = (start + (step + 1) * stride) % VOCABULARY;
    }
  }
  return { batch, time, inputs: { token }, targets: { next: target } };
}

/** The bits of all tensors, for exact comparison. */
export function bits(tensors: Tensors): Map<string, number[]> {
  return new Map([...tensors].map(([name, { data }]) => [name, [...new Uint32Array(data.slice().buffer)]]));
}

/** The code of the error that a call throws or rejects with. */
export async function codeOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}
