import type { Random } from '../random.js';
import { applyTemperature, minP, softmax, topK, topP } from './filters.js';

/** How the next token is drawn. Filters that are absent do nothing. */
export interface SamplingOptions {
  /** Always the likeliest token; the other fields are then of no effect. */
  argmax?: boolean;
  /** ≥ 0; 0 is the same as `argmax`. Default 1. */
  temperature?: number;
  /** Only the k likeliest tokens. */
  topK?: number;
  /** Only the likeliest tokens that together have this probability, 0 … 1. */
  topP?: number;
  /** Only tokens at least this share as likely as the likeliest one, 0 … 1. */
  minP?: number;
}

/** The likeliest token; among equals the lowest id. */
export function argMax(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id] > logits[best]) best = id;
  return best;
}

/**
 * Draws one id from logits [V]: temperature, then top-k, then top-p, then min-p, then the draw.
 * One number is taken from `random`, or none for argmax.
 */
export function sample(logits: Float32Array, options: SamplingOptions, random: Random): number {
  const { temperature = 1 } = options;
  if (options.argmax || temperature === 0) return argMax(logits);
  let kept = temperature === 1 ? logits : applyTemperature(logits, temperature);
  if (options.topK !== undefined) kept = topK(kept, options.topK);
  if (options.topP !== undefined) kept = topP(kept, options.topP);
  if (options.minP !== undefined) kept = minP(kept, options.minP);
  return draw(softmax(kept), random.next());
}

/** The id at which the running sum of the probabilities passes `u`, 0 ≤ u < 1. */
export function draw(probabilities: Float64Array, u: number): number {
  let sum = 0;
  let last = 0;
  for (let id = 0; id < probabilities.length; id++) {
    if (probabilities[id] === 0) continue;
    sum += probabilities[id];
    last = id;
    if (u < sum) return id;
  }
  return last; // rounding may leave the sum a hair below 1
}
