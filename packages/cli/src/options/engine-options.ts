import type { Precision } from '@rondo/core-native';
import { availableParallelism } from 'node:os';
import type { Argv } from 'yargs';
import type { Output } from '../terminal/output.js';
import { requireNumber } from './ranges.js';

/** Where and on how many threads a network runs. */
export interface EngineOptions {
  device: 'auto' | 'cpu' | 'cuda';
  threads?: number;
}

export function withEngineOptions<T>(yargs: Argv<T>): Argv<T & EngineOptions> {
  return yargs
    .option('device', {
      choices: ['auto', 'cpu', 'cuda'] as const,
      default: 'auto',
      describe: 'Where the network runs; auto = CUDA where there is a device',
    })
    .option('threads', { type: 'number', requiresArg: true, describe: 'CPU threads (default: all cores)' })
    .check(({ threads }) => {
      requireNumber('threads', threads as number | undefined, { min: 1, max: 1024, integer: true });
      return true;
    }) as Argv<T & EngineOptions>;
}

/** Arithmetic of the matrix products, for commands that compute with whole batches. */
export function withPrecision<T>(yargs: Argv<T>): Argv<T & { precision?: Precision }> {
  return yargs.option('precision', {
    choices: ['fp32', 'tf32', 'bf16'] as const,
    requiresArg: true,
    describe: 'Arithmetic of the matrix products (default: bf16 on CUDA; the CPU has fp32)',
  });
}

/** Where a loaded model runs. Threads beyond the cores would wait for each other: so many are not started, and it is said. */
export function engineOf({ device, threads }: EngineOptions, output: Output): EngineOptions {
  const cores = availableParallelism();
  if (threads === undefined || threads <= cores) return { device, threads };
  output.note(`note     ${threads} threads on ${cores} cores would be slower; ${cores} are used`);
  return { device, threads: cores };
}
