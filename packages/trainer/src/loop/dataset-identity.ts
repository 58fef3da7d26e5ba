import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Dataset } from '@rondo/tokenizer';
import { z } from 'zod';

export const identitySchema = z.strictObject({
  /** Where it was, for messages only. */
  path: z.string(),
  /** SHA-256 over the tokenizer's fingerprint and the checksums of the ids that training reads. */
  digest: z.string(),
  trainTokens: z.number(),
  validTokens: z.number(),
});

/** Tells one dataset from another without reading its tokens. */
export type DatasetIdentity = z.infer<typeof identitySchema>;

export function identifyDataset({ dir, manifest }: Dataset): DatasetIdentity {
  const { train, valid } = manifest.splits;
  const parts = [manifest.tokenizerFingerprint, train.sha256, train.pieces, valid.sha256, valid.pieces];
  return {
    path: resolve(dir),
    digest: createHash('sha256').update(parts.join('\n')).digest('hex'),
    trainTokens: train.tokens,
    validTokens: valid.tokens,
  };
}

/** One side of a complaint about two datasets. */
export function describeDataset({ path, digest, trainTokens, validTokens }: DatasetIdentity): string {
  return `${path} (${trainTokens} + ${validTokens} tokens, digest ${digest.slice(0, 12)})`;
}
