import { z } from 'zod';
import { SchemeError } from '../errors.js';

/** Parses the options of a scheme; the error names every option that is wrong, in one line. */
export function parseSchemeOptions<T extends z.ZodType>(scheme: string, schema: T, options: unknown): z.output<T> {
  const parsed = schema.safeParse(options ?? {});
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => {
    const path = issue.path.join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  throw new SchemeError(`wrong option for the scheme "${scheme}": ${wrong.join('; ')}`);
}

/** Lowest and highest MIDI key that a scheme keeps, both included. */
export const pitchRangeSchema = z
  .tuple([z.int().min(0).max(127), z.int().min(0).max(127)])
  .refine(([low, high]) => low <= high, { message: 'the lowest pitch must not be above the highest' });
