import type { NetworkSpec } from '@rondo/core-native';
import type { StartEvent, TrainEvent } from '../loop/events.js';
import type { TrainOptions } from '../loop/options.js';
import { train } from '../loop/train.js';

/** An LSTM and dense layers of the given widths: memory without much arithmetic. */
export const denseNetwork =
  (...units: number[]) =>
  (vocabulary: number): NetworkSpec => ({
    inputs: [{ kind: 'embedding', name: 'tokens', vocabulary, units: 8 }],
    layers: [{ kind: 'lstm', units: 16 }, ...units.map((width) => ({ kind: 'dense' as const, units: width }))],
    heads: [{ kind: 'softmax', name: 'next', vocabulary }],
  });

/**
 * Trains, and gives the forecast (bytes) and how many times that much the process has really taken for it at its peak.
 * The peak is one of the whole process: each file of tests has one of its own, and calls this once.
 */
export async function peakOfTraining(options: TrainOptions): Promise<{ forecast: number; ratio: number }> {
  let start: StartEvent | undefined;
  const onEvent = (event: TrainEvent) => void (event.type === 'start' && (start = event));
  const before = process.memoryUsage().rss;
  await train({ ...options, onEvent });
  const { deviceBytes, hostBytes } = (start as StartEvent).memory;
  const forecast = deviceBytes + hostBytes;
  return { forecast, ratio: (process.resourceUsage().maxRSS * 1024 - before) / forecast };
}
