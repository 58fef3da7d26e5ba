import { z } from 'zod';
import { SchemeError } from '../../errors.js';
import { parseSchemeOptions, pitchRangeSchema } from '../options.js';

const performanceSchema = z.strictObject({
  name: z.literal('performance').default('performance'),
  /** Milliseconds of the shortest shift; every onset and end goes to the nearest one. */
  step: z.int().min(1).max(1000).default(10),
  /** Milliseconds of the longest shift, in whole steps and at least one; longer waits are several shifts. */
  maxShift: z.int().min(1).max(10_000).default(1000),
  /** Number of velocity levels; 0 leaves velocity out. */
  velocityBins: z.int().min(0).max(127).default(32),
  /** The sustain pedal lengthens notes until it is lifted; off: pedals are left out. */
  sustain: z.boolean().optional(),
  /** The sustain pedal as events of its own. Absent where it is off, as in configurations older than the option. */
  pedals: z.boolean().optional(),
  pitchRange: pitchRangeSchema.default([0, 127]),
});

/** All options of `performance`, defaults filled in; `sustain` is false where there are `pedals`. */
export type PerformanceConfig = Omit<z.output<typeof performanceSchema>, 'sustain' | 'pedals'> & {
  sustain: boolean;
  pedals?: true;
};
/** Options of `performance`; what is left out has its default (docs/tokens.md). */
export type PerformanceOptions = z.input<typeof performanceSchema>;

/** Options with defaults filled in; unknown keys and bad values throw a `SchemeError`. */
export function parsePerformanceConfig(options: unknown): PerformanceConfig {
  const { sustain, pedals = false, ...config } = parseSchemeOptions('performance', performanceSchema, options);
  if (pedals && sustain === true) {
    throw new SchemeError(
      'wrong option for the scheme "performance": pedals: the pedal is either events of its own or lengthens notes (sustain), not both',
    );
  }
  return { ...config, sustain: sustain ?? !pedals, ...(pedals && { pedals }) };
}
