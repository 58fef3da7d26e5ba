import { z } from 'zod';
import { parseSchemeOptions, pitchRangeSchema } from '../options.js';

const gridSchema = z.strictObject({
  name: z.literal('grid').default('grid'),
  /** Length of a frame as a fraction of a whole note: 1/4 is a quarter, 1/12 a triplet eighth. */
  grid: z
    .string()
    .regex(/^[1-9]\d{0,2}\/[1-9]\d{0,2}$/, 'expected a fraction of a whole note such as 1/4 or 1/16')
    .default('1/16'),
  /** Tell a note that is held from one that is struck again; off: every frame strikes all its pitches. */
  holds: z.boolean().default(false),
  /** Quarters a minute of decoded pieces (frames know no tempo). */
  tempo: z.number().min(10).max(1000).default(120),
  pitchRange: pitchRangeSchema.default([0, 127]),
});

/** All options of `grid`, defaults filled in. */
export type GridConfig = z.output<typeof gridSchema>;
/** Options of `grid`; what is left out has its default (docs/tokens.md). */
export type GridOptions = z.input<typeof gridSchema>;

/** The step of a configuration in ticks of the decoded scores. */
export interface GridStep {
  readonly ticksPerQuarter: number;
  readonly ticksPerFrame: number;
  /** Quarters per frame as an exact fraction. */
  readonly numerator: number;
  readonly denominator: number;
}

/** Options with defaults filled in; unknown keys and bad values throw a `SchemeError`. */
export function parseGridConfig(options: unknown): GridConfig {
  return parseSchemeOptions('grid', gridSchema, options);
}

/** The frame in whole ticks: 480 to a quarter where that divides, otherwise the next multiple that does. */
export function gridStep(config: GridConfig): GridStep {
  const [numerator, denominator] = config.grid.split('/').map(Number);
  const quarters = { numerator: 4 * numerator, denominator };
  const exact = (480 * quarters.numerator) % denominator === 0;
  const ticksPerQuarter = exact ? 480 : denominator * Math.ceil(480 / denominator);
  const ticksPerFrame = (ticksPerQuarter * quarters.numerator) / denominator;
  return { ticksPerQuarter, ticksPerFrame, ...quarters };
}
