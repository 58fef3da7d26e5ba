import { z } from 'zod';
import { parseSchemeOptions } from '../options.js';

/** Decoded scores have this many ticks per quarter; a step must be a whole number of them. */
export const TICKS_PER_QUARTER = 480;

const chordSchema = z
  .strictObject({
    name: z.literal('chord').default('chord'),
    /**
     * The tutorial's own vocabulary: no BOS, EOS and UNK. Default: on, unless one of the next three options is.
     */
    tutorial: z.boolean().optional(),
    /** Keep the octaves: a chord is its exact pitches (`C4.E4.G4`), not its pitch classes (`0.4.7`). */
    voicing: z.boolean().default(false),
    /** Keep note lengths: `Dur_n` after each onset. */
    durations: z.boolean().default(false),
    /** Keep the time between onsets: `Wait_n` before each later one. */
    rests: z.boolean().default(false),
    /** Length of a step in quarters. Default: the tutorial's half beat, or 1/4 with durations or rests. */
    step: z.number().positive().max(16).optional(),
  })
  .transform((options) => {
    const timed = options.durations || options.rests;
    const tutorial = options.tutorial ?? !(options.voicing || timed);
    return { ...options, tutorial, step: options.step ?? (timed ? 0.25 : 0.5) };
  })
  .refine((options) => !(options.tutorial && (options.voicing || options.durations || options.rests)), {
    message: 'tutorial: the tutorial knows no voicing, durations or rests; leave it out',
  })
  .refine((options) => isWholeTicks(options.step), {
    message: `step: expected a fraction that divides a quarter into whole ticks (of ${TICKS_PER_QUARTER}), such as 0.5 or 0.25`,
  });

/** All options of `chord`, defaults filled in. */
export type ChordConfig = z.output<typeof chordSchema>;
/** Options of `chord`; what is left out has its default (docs/tokens.md). */
export type ChordOptions = z.input<typeof chordSchema>;

/** Options with defaults filled in; unknown keys and bad values throw a `SchemeError`. */
export function parseChordConfig(options: unknown): ChordConfig {
  return parseSchemeOptions('chord', chordSchema, options);
}

/** Ticks of a step in decoded scores. */
export function ticksPerStep(config: ChordConfig): number {
  return Math.round(config.step * TICKS_PER_QUARTER);
}

function isWholeTicks(step: number): boolean {
  const ticks = step * TICKS_PER_QUARTER;
  return Math.round(ticks) >= 1 && Math.abs(ticks - Math.round(ticks)) < 1e-6;
}
