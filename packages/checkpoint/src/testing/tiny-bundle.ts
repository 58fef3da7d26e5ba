import { Network, type NetworkSpec, type SoftmaxHeadSpec } from '@rondo/core-native';
import { createScheme, type Score, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import type { Bundle } from '../bundle/bundle.js';

/** One bar of four notes, the first of which is `pitch`. */
function tinyScore(pitch: number): Score {
  const notes = [0, 4, 7, 12].map((step, i) => ({ tick: i * 12, duration: 12, pitch: pitch + step, velocity: 80 }));
  const track = { name: 'piano', program: 0, isDrum: false, notes, pedals: [] };
  const meter = { tick: 0, numerator: 4, denominator: 4 };
  const tempo = { tick: 0, microsecondsPerQuarter: 500_000 };
  return {
    ticksPerQuarter: 12,
    tempos: [tempo],
    timeSignatures: [meter],
    keySignatures: [],
    tracks: [track],
    endTick: 48,
  };
}

export function tinyTokenizer(pitch = 60): Tokenizer {
  const scheme = createScheme({ name: 'remi' });
  return new Tokenizer(scheme, Vocabulary.build(scheme.encode(tinyScore(pitch)), { specials: true }));
}

/** A network of a few hundred weights with every kind of tensor, and a tokenizer of twenty tokens. */
export function tinyBundle(seed = 1, tokenizer = tinyTokenizer(), head: Partial<SoftmaxHeadSpec> = {}): Bundle {
  const vocabulary = tokenizer.vocabulary.size;
  const spec: NetworkSpec = {
    inputs: [{ kind: 'embedding', name: 'tokens', vocabulary, units: 3 }],
    layers: [
      { kind: 'lstm', units: 4, recurrentDropout: 0.2 },
      { kind: 'batchNorm' },
      { kind: 'dropout', rate: 0.1 },
      { kind: 'lstm', units: 3 },
      head.tied === undefined ? { kind: 'dense', units: 5, activation: 'relu' } : { kind: 'dense', units: 3 },
    ],
    heads: [{ kind: 'softmax', name: 'next', vocabulary, ...head }],
  };
  const network = Network.create(spec, { seed, device: 'cpu', threads: 1, optimizer: { kind: 'adam' } });
  return {
    network,
    tokenizer,
    config: {
      format: 'rondo-bundle',
      formatVersion: 1,
      rondoVersion: '0.1.0',
      createdAt: '2026-01-02T03:04:05.000Z',
      preset: 'tiny',
      objective: 'all',
      sequence: 8,
      spec: network.spec,
      optimizer: network.optimizer,
      tokenizerFingerprint: tokenizer.fingerprint,
      vocabulary,
      provenance: { corpus: 'four notes', seed },
    },
    seeds: [tokenizer.encode(tinyScore(60)), Int32Array.of(0, 3, 4)],
  };
}

/** One training step on random ids, with carried state. */
export async function trainTiny({ network, tokenizer }: Bundle, salt: number): Promise<number> {
  const [batch, time, vocabulary] = [2, 5, tokenizer.vocabulary.size];
  const ids = (shift: number) =>
    Int32Array.from({ length: batch * time }, (_, i) => (i * 7 + salt * 3 + shift) % vocabulary);
  const step = { batch, time, inputs: { tokens: ids(0) }, targets: { next: ids(1) }, carryState: true };
  return (await network.trainStep(step, { learningRate: 0.01 })).loss;
}

/** All that decides how training goes on, as plain values. */
export function stateOf({ network }: Bundle): unknown {
  const plain = (tensors: ReturnType<typeof network.readParameters>) =>
    [...tensors].map(([name, { shape, data }]) => [name, shape, Array.from(data)]);
  return {
    step: network.stepCount,
    parameters: plain(network.readParameters()),
    slots: plain(network.readOptimizerSlots()),
    carried: plain(network.readTrainingState()),
  };
}
