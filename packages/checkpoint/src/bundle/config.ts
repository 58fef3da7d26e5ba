import {
  EngineError,
  type NetworkSpec,
  type OptimizerSpec,
  resolveNetworkSpec,
  resolveOptimizerSpec,
} from '@rondo/core-native';
import { z } from 'zod';
import { CheckpointError } from '../errors.js';

/** Version of the bundle format that is written; newer ones are refused. */
export const FORMAT_VERSION = 1;

/** What `config.json` of a bundle says about the network and where it comes from. */
export interface BundleConfig {
  format: 'rondo-bundle';
  formatVersion: 1;
  /** Version of Rondo that wrote the bundle. */
  rondoVersion: string;
  /** ISO 8601 date and time. */
  createdAt: string;
  /** Name of the training preset, or what else made the weights. */
  preset: string;
  /** `all`: next token at every position; `last`: next token after a window. */
  objective: 'all' | 'last';
  /** Tokens of a training window, which is also what a `last` model is given when it generates. */
  sequence: number;
  spec: NetworkSpec;
  optimizer: OptimizerSpec;
  /** Fingerprint of the tokenizer that the weights were trained with. */
  tokenizerFingerprint: string;
  /** Tokens of that tokenizer. */
  vocabulary: number;
  /** Free JSON: corpus, seed, scores, … */
  provenance: Record<string, unknown>;
}

const anyObject = z.custom<object>((value) => typeof value === 'object' && value !== null, 'expected an object');

const schema = z.strictObject({
  format: z.literal('rondo-bundle'),
  formatVersion: z.literal(FORMAT_VERSION),
  rondoVersion: z.string(),
  createdAt: z.string(),
  preset: z.string(),
  objective: z.enum(['all', 'last']),
  sequence: z.int().min(1),
  spec: anyObject, // the engine knows its own specs
  optimizer: anyObject,
  tokenizerFingerprint: z.string().min(1),
  vocabulary: z.int().min(1),
  provenance: z.record(z.string(), z.unknown()),
});

/**
 * Checks what stands in a `config.json`. Specs come back with the engine's defaults filled in.
 * @param label how messages call the file
 * @throws CheckpointError `RONDO_CHECKPOINT_CONFIG` or `RONDO_CHECKPOINT_VERSION`
 */
export function parseBundleConfig(value: unknown, label = 'config.json'): BundleConfig {
  refuseNewer(value, label);
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const place = issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
    throw invalid(label, `${issue.message}${place}`, result.error);
  }
  try {
    const spec = resolveNetworkSpec(result.data.spec as NetworkSpec);
    const optimizer = resolveOptimizerSpec(result.data.optimizer as OptimizerSpec);
    return { ...result.data, spec, optimizer };
  } catch (error) {
    if (error instanceof EngineError) throw invalid(label, error.message, error);
    throw error;
  }
}

function refuseNewer(value: unknown, label: string): void {
  const { format, formatVersion, rondoVersion } = (value ?? {}) as Record<string, unknown>;
  if (format !== 'rondo-bundle' || typeof formatVersion !== 'number' || formatVersion <= FORMAT_VERSION) return;
  const message = `${label} has format version ${formatVersion} (Rondo ${String(rondoVersion)}); this Rondo reads version ${FORMAT_VERSION}: update it.`;
  throw new CheckpointError('RONDO_CHECKPOINT_VERSION', message);
}

function invalid(label: string, what: string, cause: unknown): CheckpointError {
  const message = `${label} is not the config of a model bundle: ${what}.`;
  return new CheckpointError('RONDO_CHECKPOINT_CONFIG', message, { cause });
}
