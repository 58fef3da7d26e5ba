/**
 * In how many bits a copy of the weights is kept: as trained, rounded to bf16, or as whole numbers ±127 with one scale per
 * output. Sums, activations, biases and states are fp32 in every case.
 */
export type WeightPrecision = 'fp32' | 'bf16' | 'int8';

/** All of them, the exact one first. */
export const WEIGHT_PRECISIONS = ['fp32', 'bf16', 'int8'] as const satisfies readonly WeightPrecision[];
