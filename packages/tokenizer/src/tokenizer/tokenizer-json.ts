import { z } from 'zod';
import { CONDITION_KINDS, type ConditionKind } from '../conditions/condition.js';
import type { SchemeConfig } from '../schemes/scheme.js';
import type { Merge } from './merge-table.js';
import { TokenizerError } from './tokenizer-error.js';

const jsonSchema = z.object({
  format: z.literal('rondo-tokenizer'),
  formatVersion: z.literal(1),
  scheme: z.looseObject({ name: z.string() }),
  conditions: z.array(z.enum(CONDITION_KINDS)).optional(),
  tokens: z.array(z.string()).min(1),
  merges: z.array(z.tuple([z.int(), z.int()])).optional(),
  fingerprint: z.string(),
});

/** What stands in `tokenizer.json`. */
export interface TokenizerJson {
  format: 'rondo-tokenizer';
  formatVersion: 1;
  scheme: SchemeConfig;
  /** Kinds of the tokens between BOS and the music; absent where there are none. */
  conditions?: readonly ConditionKind[];
  /** The token of each id; those of merged ids come last. */
  tokens: readonly string[];
  /** Pairs of ids that the merged ids stand for, in their order; absent where there are none. */
  merges?: readonly Merge[];
  fingerprint: string;
}

/** @throws TokenizerError RONDO_TOKENIZER_FORMAT with the first thing that is wrong. */
export function parseTokenizerJson(json: unknown): z.output<typeof jsonSchema> {
  const parsed = jsonSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new TokenizerError(
    'RONDO_TOKENIZER_FORMAT',
    `this is no tokenizer.json of version 1: ${path.join('.')} ${message}`,
  );
}
