import { z } from 'zod';
import { parseSchemeOptions, pitchRangeSchema } from '../options.js';

const remiSchema = z.strictObject({
  name: z.literal('remi').default('remi'),
  /** Grid of onsets: 12 to a quarter holds sixteenths and triplets. */
  positionsPerQuarter: z.int().min(1).max(96).default(12),
  /** Longest note, in quarters; longer ones are cut. */
  maxDuration: z.int().min(1).max(64).default(12),
  /** Number of velocity levels; 0 leaves velocity out. */
  velocityBins: z.int().min(0).max(127).default(32),
  /** One program per track; off merges all pitched tracks into one piano. */
  programs: z.boolean().default(true),
  drums: z.boolean().default(true),
  /** Tempo changes; off: 120 quarters a minute. */
  tempo: z.boolean().default(true),
  /** Meters; off: bars of 4/4 throughout. */
  timeSignatures: z.boolean().default(true),
  /** The sustain pedal of each program, as spans. Absent where it is off, as in configurations older than the option. */
  pedals: z.boolean().optional(),
  pitchRange: pitchRangeSchema.default([0, 127]),
});

/** All options of `remi`, defaults filled in. */
export type RemiConfig = Omit<z.output<typeof remiSchema>, 'pedals'> & { pedals?: true };
/** Options of `remi`; what is left out has its default (docs/tokens.md). */
export type RemiOptions = z.input<typeof remiSchema>;

/** Options with defaults filled in; unknown keys and bad values throw a `SchemeError`. */
export function parseRemiConfig(options: unknown): RemiConfig {
  const { pedals, ...config } = parseSchemeOptions('remi', remiSchema, options);
  return pedals === true ? { ...config, pedals } : config;
}
