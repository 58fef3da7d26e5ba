import { musicMetrics, type MusicMetrics } from '@rondo/tokenizer';
import type { Variation } from './generate.js';

/** Why one of several pieces was kept. */
export interface Rank {
  /** How many there were. */
  of: number;
  /** Its log likelihood a token among the others, in standard deviations from the mean. */
  likelihood: number;
  /** How far its metrics lie from the middle of all, in standard deviations, as a mean over the metrics. */
  oddness: number;
}

const METRICS = [
  'pitchRange', 'pitchClassEntropy', 'scaleConsistency', 'polyphony', 'emptyBeatRate', 'grooveConsistency', 'noteDensity',
] as const satisfies readonly (keyof MusicMetrics)[]; // prettier-ignore

/** A piece that got stuck, or does not obey, is only taken where all are like that. */
const FAULT = 100;

/**
 * The best of several pieces of one wish: likely, and not odd beside the others. Likelihood alone prefers the dullest.
 * @returns index of the best, and its rank
 */
export function pickBest(variations: readonly Variation[]): { index: number; rank: Rank } {
  const likelihoods = standardised(
    variations.map(({ logLikelihood, generated }) => logLikelihood / Math.max(1, generated)),
  );
  const metrics = variations.map(({ score }) => musicMetrics(score));
  const columns = METRICS.map((name) =>
    standardised(
      metrics.map((one) => one[name] ?? NaN),
      true,
    ),
  );
  const oddness = variations.map((_, i) => mean(columns.map((column) => Math.abs(column[i]))));
  const totals = variations.map(({ loop, obeyed, notes }, i) => {
    const faults = (loop ? 1 : 0) + obeyed.filter((one) => !one.obeyed).length + (notes === 0 ? 10 : 0);
    return likelihoods[i] - oddness[i] - FAULT * faults;
  });
  const index = totals.indexOf(Math.max(...totals));
  return { index, rank: { of: variations.length, likelihood: likelihoods[index], oddness: oddness[index] } };
}

/** Values in standard deviations from their mean (or median); what is missing lies in the middle. */
function standardised(values: readonly number[], fromMedian = false): number[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (known.length === 0) return values.map(() => 0);
  const average = mean(known);
  const spread = Math.sqrt(mean(known.map((value) => (value - average) ** 2)));
  const middle = fromMedian ? known[Math.floor(known.length / 2)] : average;
  return values.map((value) => (Number.isNaN(value) || spread < 1e-12 ? 0 : (value - middle) / spread));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
