import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainEvent } from '../loop/events.js';
import { readMetrics } from '../loop/metrics-file.js';
import { type TrainOptions } from '../loop/options.js';
import { embeddedNetwork } from '../presets/networks.js';

/** A network that trains in a second, with every kind of randomness switched on. */
export const toyNetwork = (vocabulary: number) =>
  embeddedNetwork(vocabulary, { embedding: 12, units: [24], inputDropout: 0.05, dropout: 0.1 });

/** Without dropout and with more room: sees through the toy corpus within a thousand updates. */
export const clearNetwork = (vocabulary: number) => embeddedNetwork(vocabulary, { embedding: 16, units: [48] });

/** Options of a short training; the same numbers on every device. */
export function toyOptions(dataset: string, run: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    dataset,
    run,
    network: toyNetwork,
    device: 'cpu',
    threads: 1,
    optimizer: { kind: 'adam' },
    learningRate: 0.01,
    sequence: 16,
    batch: 4,
    epochs: 3,
    patience: 0,
    ...more,
  };
}

export function weights(run: string, name: 'last' | 'best' = 'last'): Buffer {
  return readFileSync(join(run, name, 'model.safetensors'));
}

/** The metrics of a run without what clocks say. */
export async function timelessMetrics(run: string): Promise<object[]> {
  return (await readMetrics(run)).map(({ seconds, tokensPerSecond, ...rest }) => {
    if (!(seconds > 0 && tokensPerSecond > 0)) throw new Error('metrics without times');
    return rest;
  });
}

/** Aborts a training at an event, which is the end of its update `at` unless told otherwise. */
export function stopAfter(at: number | ((event: TrainEvent) => boolean)): {
  signal: AbortSignal;
  onEvent: (event: TrainEvent) => void;
} {
  const controller = new AbortController();
  const due = typeof at === 'function' ? at : (event: TrainEvent) => event.type === 'step' && event.step === at;
  const onEvent = (event: TrainEvent) => {
    if (due(event)) controller.abort();
  };
  return { signal: controller.signal, onEvent };
}
