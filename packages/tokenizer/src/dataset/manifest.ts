import { z } from 'zod';
import { PART_NAMES } from '../table/instrument-families.js';
import { DatasetError } from './dataset-error.js';
import { SPLIT_NAMES, type DatasetManifest, type PieceEntry, type SplitName } from './types.js';

export const MANIFEST_FILE = 'dataset.json';
export const TOKENIZER_FILE = 'tokenizer.json';
export const idsFile = (split: SplitName): string => `${split}.ids`;
export const piecesFile = (split: SplitName): string => `${split}.pieces.jsonl`;

/** Every name that a dataset folder holds. */
export const FILE_NAMES: ReadonlySet<string> = new Set([
  MANIFEST_FILE,
  TOKENIZER_FILE,
  ...SPLIT_NAMES.flatMap((split) => [idsFile(split), piecesFile(split)]),
]);

const count = z.int().min(0);
const splitSchema = z.object({
  tokens: count,
  pieces: count,
  unknown: count,
  frames: count.optional(),
  notes: count.optional(),
  plainTokens: count.optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestSchema = z.object({
  format: z.literal('rondo-dataset'),
  formatVersion: z.literal(1),
  scheme: z.looseObject({ name: z.string() }),
  tokenizerFingerprint: z.string(),
  vocabulary: z.int().min(1),
  idBytes: z.union([z.literal(2), z.literal(4)]),
  splits: z.object({ train: splitSchema, valid: splitSchema, test: splitSchema }),
  baselines: z.object({ unigram: z.number(), bigram: z.number() }).nullable(),
  baselinesOn: z.enum(SPLIT_NAMES),
  preparation: z.object({
    seed: z.number(),
    split: z.tuple([z.number(), z.number(), z.number()]).nullable(),
    transpose: z.tuple([z.number(), z.number()]),
    stretch: z.array(z.number()),
    velocityShift: z.array(z.int()).optional(),
    alone: z.array(z.enum(PART_NAMES)).optional(),
    conditionDropout: z.number().optional(),
    bpe: count.optional(),
  }),
  sources: z.object({ ok: count, skipped: z.array(z.object({ file: z.string(), reason: z.string() })) }),
});

const pieceSchema = z.object({
  file: z.string(),
  offset: count,
  length: count,
  transpose: z.int(),
  stretch: z.number(),
  velocityShift: z.int().optional(),
  alone: z.enum(PART_NAMES).optional(),
});

/** @throws DatasetError RONDO_DATASET_CORRUPT with the first thing that is wrong. */
export function parseManifest(text: string, path: string): DatasetManifest {
  return check(manifestSchema, text, path);
}

/** The pieces of a split, one JSON object a line; they must follow one another without gaps up to `tokens`. */
export function parsePieces(text: string, path: string, expected: { pieces: number; tokens: number }): PieceEntry[] {
  const lines = text.split('\n').filter((line) => line !== '');
  let end = 0;
  const pieces = lines.map((line, i) => {
    const piece = check(pieceSchema, line, `${path}:${i + 1}`);
    if (piece.offset !== end) throw corrupt(path, `piece ${i + 1} begins at ${piece.offset} instead of ${end}`);
    end += piece.length;
    return piece;
  });
  if (pieces.length === expected.pieces && end === expected.tokens) return pieces;
  throw corrupt(
    path,
    `expected ${expected.pieces} pieces of ${expected.tokens} tokens, got ${pieces.length} of ${end}`,
  );
}

export function corrupt(path: string, what: string): DatasetError {
  return new DatasetError('RONDO_DATASET_CORRUPT', `${path} is damaged: ${what}; prepare the dataset again`);
}

function check<T extends z.ZodType>(schema: T, text: string, path: string): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw corrupt(path, 'it is no JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path: field, message } = parsed.error.issues[0];
  throw corrupt(path, `${field.join('.') || 'the whole'}: ${message}`);
}
