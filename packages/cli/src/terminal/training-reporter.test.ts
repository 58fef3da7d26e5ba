import type { StartEvent } from '@rondo/trainer';
import { describe, expect, it } from 'vitest';
import { describeStart } from './training-reporter.js';

/** A start as the trainer reports it, with rows and threads as told. */
function start(rows: number, threads: number, kind: 'cpu' | 'cuda' = 'cpu'): StartEvent {
  return {
    type: 'start',
    run: 'run',
    preset: 'tutorial',
    settings: { objective: 'last', batch: rows, sequence: 100, epochs: 2 } as StartEvent['settings'],
    parameters: 5_000_000,
    vocabulary: 300,
    device: { kind, name: 'a machine', threads, simd: '', memoryBytes: 0 } as StartEvent['device'],
    precision: 'fp32',
    threads,
    memoryBytes: 0,
    memory: { deviceBytes: 2 ** 30, hostBytes: 0, availableBytes: 2 ** 33, rows, rowBytes: 4 * 2 ** 20 },
    steps: 20,
    stepsDone: 0,
    stepsPerEpoch: 10,
    tokensPerEpoch: 1000,
  };
}

const advice = (event: StartEvent) => describeStart(event).at(-1);

describe('the line about the batch', () => {
  it('says from which batch on a row takes least time, where there are fewer rows', () => {
    expect(advice(start(4, 2))).toBe(
      'a larger batch: 4 rows for 2 threads leave some speed unused; up to about 16 rows the time per row falls, for 4.0 MiB more memory a row',
    );
    expect(advice(start(1, 1))).toContain('1 row for 1 thread leaves some speed unused');
  });

  it('says that more rows gain nothing, where there are enough', () => {
    expect(advice(start(128, 2))).toBe(
      'a larger batch: hardly more tokens a second (128 rows for 2 threads, about 16 are enough), and 4.0 MiB more memory a row',
    );
  });

  it('leaves the gain on a GPU to a measurement', () => {
    expect(advice(start(128, 2, 'cuda'))).toBe(
      'a larger batch: 4.0 MiB more memory a row; "rondo bench --batch-sizes --device cuda" shows what it gains',
    );
  });
});
