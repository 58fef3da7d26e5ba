import { z } from 'zod';

// Every default of the package stands in this file. Unknown keys raise: a misspelt option must not pass for a default.

const name = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, 'must be a name of letters, digits, "_" or "-" (it becomes part of parameter names)');
const count = z.int().min(1).max(4_194_303); // 22 bits: what a counter of the random generator has for units
const rate = z.number().min(0).lt(1);
const positive = z.number().positive();
const activation = z.enum(['linear', 'relu', 'tanh', 'sigmoid', 'softmax']);

const input = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('embedding'), name, vocabulary: count, units: count }),
  z.strictObject({ kind: z.literal('scalar'), name, vocabulary: count }),
  z.strictObject({ kind: z.literal('oneHot'), name, vocabulary: count }),
  z.strictObject({ kind: z.literal('dense'), name, units: count }),
]);

const layer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lstm'),
    units: count,
    bidirectional: z.boolean().default(false),
    recurrentDropout: rate.default(0),
    recurrentDropoutMode: z.enum(['perGate', 'shared']).default('perGate'), // Keras ≥ 3.8
    returnSequences: z.boolean().default(true),
    gateActivation: z.enum(['sigmoid', 'hardSigmoid']).default('sigmoid'),
  }),
  z.strictObject({
    kind: z.literal('batchNorm'),
    momentum: rate.default(0.99), // Keras
    epsilon: positive.default(1e-3), // Keras
  }),
  z.strictObject({
    kind: z.literal('dropout'),
    rate,
    mode: z.enum(['perStep', 'perSequence']).default('perStep'),
  }),
  z.strictObject({ kind: z.literal('dense'), units: count, activation: activation.default('linear') }),
  z.strictObject({ kind: z.literal('activation'), activation }),
]);

const weight = z.number().min(0).default(1);
const head = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('softmax'),
    name,
    vocabulary: count,
    weight,
    smoothing: rate.default(0),
    tied: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('regression'), name, units: count, weight }),
]);

export const networkSpecSchema = z.strictObject({
  inputs: z.array(input).min(1),
  layers: z.array(layer).max(4095),
  heads: z.array(head).min(1),
});

const adam = {
  beta1: rate.default(0.9),
  beta2: rate.default(0.999),
  epsilon: positive.default(1e-7), // Keras
};

export const optimizerSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rmsprop'),
    rho: rate.default(0.9),
    epsilon: positive.default(1e-7), // Keras
    epsilonPlacement: z.enum(['insideRoot', 'outsideRoot']).default('insideRoot'), // Keras 3
    momentum: rate.default(0),
    centered: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('adam'), ...adam }),
  z.strictObject({ kind: z.literal('adamw'), ...adam, weightDecay: z.number().min(0).default(0.004) }), // Keras
]);

export const networkOptionsSchema = z.strictObject({
  /** Starts the initial weights and all dropout masks. */
  seed: z.int().min(0),
  /** auto = the first CUDA device if there is one that this build can use, else the CPU. */
  device: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
  /** CPU threads; 0 = one per hardware thread. Results do not depend on it. */
  threads: z.int().min(0).max(1024).default(0),
  /** Checked by itself, with optimizerSpecSchema. */
  optimizer: z.unknown().optional(),
  /** auto = bf16 on CUDA, fp32 on the CPU. */
  precision: z.enum(['auto', 'fp32', 'tf32', 'bf16']).default('auto'),
});

export const forecastOptionsSchema = networkOptionsSchema.omit({ seed: true }).extend({
  /** Rows that are trained together. */
  batch: z
    .int()
    .min(1)
    .max(2 ** 24),
  /** Most time steps of a batch. */
  time: z
    .int()
    .min(1)
    .max(2 ** 24),
});

export const updateOptionsSchema = z.strictObject({
  learningRate: positive,
  clipNorm: positive.optional(),
});

const weightPrecision = z.enum(['fp32', 'bf16', 'int8']).default('fp32');

export const streamOptionsSchema = z.strictObject({
  /** Independent sequences that are stepped together. */
  rows: count.default(1),
  precision: weightPrecision,
});

export const evaluateOptionsSchema = z.strictObject({ precision: weightPrecision });
