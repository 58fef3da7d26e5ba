import type { WeightPrecision } from '@rondo/core-native';
import type { Argv } from 'yargs';
import { WEIGHT_PRECISIONS } from './library-names.js';

/** In how many bits the weights are read. */
export interface PrecisionOption {
  precision: WeightPrecision;
}

export function withWeightPrecision<T>(yargs: Argv<T>, describe: string): Argv<T & PrecisionOption> {
  return yargs.option('precision', {
    choices: WEIGHT_PRECISIONS,
    requiresArg: true,
    default: 'fp32' as const,
    describe,
  }) as Argv<T & PrecisionOption>;
}
