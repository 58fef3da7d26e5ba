import type { Precision } from '@rondo/core-native';
import type { Command } from '../command.js';
import { withPrecision } from '../options/engine-options.js';
import { requireNumber } from '../options/ranges.js';

export interface BenchOptions {
  only?: string;
  threads?: number;
  seconds: number;
  batchSizes: boolean;
  picture?: string;
  device: 'cpu' | 'cuda';
  precision?: Precision;
}

/** `rondo bench`: what the engine does, on the CPU of what the machine can do. */
export const benchCommand: Command<BenchOptions> = {
  usage: 'bench',
  summary: 'Measure the engine beside what this machine can do',
  examples: [
    ['$0 bench', 'matrix products, LSTM layers, training steps, one token'],
    ['$0 bench --only train-step --threads 1', 'training steps on one core'],
    ['$0 bench --batch-sizes --picture batch', 'how throughput and memory move with the batch'],
  ],
  options: (yargs) =>
    withPrecision(yargs)
      .option('device', { choices: ['cpu', 'cuda'] as const, default: 'cpu', describe: 'What is measured' })
      .option('only', { type: 'string', requiresArg: true, describe: 'Only cases whose names begin so' })
      .option('threads', { type: 'number', requiresArg: true, describe: 'CPU threads (default: all cores)' })
      .option('seconds', {
        type: 'number',
        default: 1,
        requiresArg: true,
        describe: 'Seconds per case; three runs are always made',
      })
      .option('batch-sizes', {
        type: 'boolean',
        default: false,
        describe: 'The tutorial’s training step at batches of 1 to 256 instead',
      })
      .option('picture', {
        type: 'string',
        requiresArg: true,
        implies: 'batch-sizes',
        describe: 'Also draw the batch sizes to PICTURE-speed and PICTURE-memory, .svg and .png',
      })
      .check(({ threads, seconds }) => {
        requireNumber('threads', threads, { min: 1, max: 1024, integer: true });
        requireNumber('seconds', seconds, { min: 0, max: 600 });
        return true;
      }) as never,
  action: () => import('../actions/bench.js'),
};
