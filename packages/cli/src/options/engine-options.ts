import type { Argv } from 'yargs';
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
      describe: 'Where the network runs',
    })
    .option('threads', { type: 'number', requiresArg: true, describe: 'CPU threads (default: all cores)' })
    .check(({ threads }) => {
      requireNumber('threads', threads as number | undefined, { min: 1, max: 1024, integer: true });
      return true;
    }) as Argv<T & EngineOptions>;
}
