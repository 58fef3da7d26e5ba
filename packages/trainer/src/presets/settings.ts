import type { OptimizerSpec } from '@rondo/core-native';
import { z } from 'zod';
import { expectation, UsageError } from '../errors.js';

/**
 * `all`: the next token at every position, truncated backpropagation through time with carried state.
 * `last`: windows, and only the token after each window.
 */
export type Objective = 'all' | 'last';

/** Everything that decides which numbers a training gives, besides the network and the data. Plain JSON. */
export interface TrainSettings {
  objective: Objective;
  /** Tokens of a window (`last`), or the most tokens between two updates (`all`). */
  sequence: number;
  /** Rows that are trained together. */
  batch: number;
  /** Passes over the training data. */
  epochs: number;
  optimizer: OptimizerSpec;
  /** Step size at its highest. */
  learningRate: number;
  schedule: 'constant' | 'cosine' | 'linear';
  /** Steps over which the rate rises linearly from 0. */
  warmupSteps: number;
  /** Share of `learningRate` that cosine and linear end with. */
  finalShare: number;
  /** Greatest global norm of the gradient; 0 = no clipping. */
  clipNorm: number;
  /**
   * Share that a moving average of the weights keeps from one update to the next; the average is then what is evaluated
   * and saved as the best model. 0 = none.
   */
  averaging: number;
  /** Evaluations without a better held-out loss before training stops; 0 = never. */
  patience: number;
  /** Steps between two evaluations inside an epoch (one always stands at its end); 0 = at the ends only. */
  evaluateEvery: number;
  /** Starts the weights, the dropout masks and the order of the data. */
  seed: number;
}

/** All defaults; presets are small differences from these. */
export const DEFAULT_SETTINGS: Readonly<TrainSettings> = {
  // data
  objective: 'all',
  sequence: 64, // tokens; about two bars of remi
  batch: 32, // rows
  epochs: 20, // the report's
  // learning
  optimizer: { kind: 'rmsprop' }, // the report's
  learningRate: 1e-3, // Keras' default for RMSprop and Adam
  schedule: 'constant',
  warmupSteps: 0, // steps
  finalShare: 0.01, // of learningRate; at 0 the last steps would do nothing
  clipNorm: 1, // global norm; keeps recurrent gradients from exploding
  averaging: 0, // no average
  // watching
  patience: 5, // evaluations; held-out loss is noisy on small corpora
  evaluateEvery: 2000, // steps; minutes rather than hours between two figures on a slow machine
  seed: 1,
};

/** A schema whose complaint is what was expected, in plain words. */
function expecting<Value>(schema: z.ZodType<Value>, what: string | ((value: unknown) => string)): z.ZodType<Value> {
  const error = typeof what === 'string' ? what : ({ input }: { input: unknown }) => what(input);
  return z.custom<Value>((value) => schema.safeParse(value).success, { error });
}

const whole = (from: number, to = Number.MAX_SAFE_INTEGER) =>
  expecting(z.int().min(from).max(to), (value) =>
    typeof value === 'number' && value > to ? `a whole number up to ${to}` : `a whole number from ${from} up`,
  );
const count = whole(1, 1 << 24);
const optimizer = expecting(
  z.custom<OptimizerSpec>((value) => typeof value === 'object' && value !== null && 'kind' in value),
  'an optimizer spec such as { kind: "adamw" }',
); // its options are checked by the engine

const schema = z.strictObject({
  objective: expecting(z.enum(['all', 'last']), 'all or last'),
  sequence: count,
  batch: count,
  epochs: count,
  optimizer,
  learningRate: expecting(z.number().positive().max(10), 'a number above 0 and up to 10'),
  schedule: expecting(z.enum(['constant', 'cosine', 'linear']), 'constant, cosine or linear'),
  warmupSteps: whole(0),
  finalShare: expecting(z.number().min(0).max(1), 'a number from 0 to 1'),
  clipNorm: expecting(z.number().min(0), 'a number from 0 up'),
  averaging: expecting(z.number().min(0).lt(1), 'a number from 0 to below 1'),
  patience: whole(0),
  evaluateEvery: whole(0),
  seed: whole(0),
});

/** Names of all settings, in the order in which they are shown. */
export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof TrainSettings)[];

/**
 * The defaults with `layers` laid over them, later ones on top; keys that are `undefined` change nothing.
 * @throws UsageError for unknown keys and for values out of range
 */
export function resolveSettings(...layers: readonly Partial<TrainSettings>[]): TrainSettings {
  const merged: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) if (value !== undefined) merged[key] = value;
  }
  const result = schema.safeParse(merged);
  if (result.success) return result.data;
  throw new UsageError(result.error.issues.map((issue) => complaint(issue, merged)).join('; '));
}

function complaint(issue: z.core.$ZodIssue, given: Record<string, unknown>): string {
  if (issue.code === 'unrecognized_keys') {
    return `Unknown training option ${issue.keys.join(', ')}; there are: ${SETTING_NAMES.join(', ')}`;
  }
  const name = String(issue.path[0]);
  return expectation(name, issue.message, given[name]);
}
