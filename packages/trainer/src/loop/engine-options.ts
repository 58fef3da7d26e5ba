import { availableParallelism } from 'node:os';
import type { NetworkOptions } from '@rondo/core-native';
import type { RunOptions } from './options.js';

interface EngineChoice {
  options: Pick<NetworkOptions, 'device' | 'threads' | 'precision'>;
  warnings: string[];
}

/**
 * Where the network runs. Threads beyond the machine's cores only wait for each other, and the numbers do not depend on
 * how many there are: so there are at most as many as cores.
 */
export function chooseEngine({
  device,
  threads,
  precision,
}: Pick<RunOptions, 'device' | 'threads' | 'precision'>): EngineChoice {
  const cores = availableParallelism();
  const used = threads === undefined ? undefined : Math.min(threads, cores);
  const options = {
    ...(device !== undefined && { device }),
    ...(used !== undefined && { threads: used }),
    ...(precision !== undefined && { precision }),
  };
  if (used === threads) return { options, warnings: [] };
  return { options, warnings: [`${threads} threads on ${cores} cores would be slower; training uses ${cores}`] };
}
