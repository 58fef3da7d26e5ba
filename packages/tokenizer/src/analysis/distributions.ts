const POINTS = 1024;
/** Bandwidths that the common grid goes on beyond the outermost values. */
const MARGIN = 4;
/** Where a density is next to nothing, its logarithm would be all of the divergence. */
const FLOOR = 1e-9;

/** How alike the values of a feature are in two sets of pieces. */
export interface Likeness {
  /** Area under the lower of the two densities, 0 (apart) to 1 (the same). */
  readonly overlap: number;
  /** Kullback–Leibler divergence of `a` from `b`, in nats: 0 for the same, without an upper limit. */
  readonly divergence: number;
}

/**
 * Overlap area and Kullback–Leibler divergence (Yang & Lerch 2018) of two samples. Densities are Gaussian kernels of
 * Scott's bandwidth, both on one grid that spans both samples: on grids of their own the figures would mean nothing.
 * Null where a sample is empty. The divergence is not symmetric, and large where `a` has values that `b` has nowhere near.
 */
export function likeness(a: readonly number[], b: readonly number[]): Likeness | null {
  if (a.length === 0 || b.length === 0) return null;
  const { grid, widths } = commonGrid(a, b);
  const [p, q] = [density(a, grid, widths[0]), density(b, grid, widths[1])];
  let [overlap, divergence] = [0, 0];
  for (let i = 0; i < POINTS; i += 1) {
    overlap += Math.min(p[i], q[i]);
    divergence += p[i] * Math.log((p[i] + FLOOR) / (q[i] + FLOOR));
  }
  return { overlap: Math.min(1, overlap), divergence: Math.max(0, divergence) };
}

/** Points over the values of all samples, for drawing their densities beside each other. */
export function densities(samples: readonly (readonly number[])[]): { x: number[]; y: number[][] } | null {
  const full = samples.filter((sample) => sample.length > 0);
  if (full.length === 0) return null;
  const { grid, widths } = commonGrid(...full);
  const step = grid[1] - grid[0];
  let next = 0;
  const y = samples.map((sample) =>
    sample.length === 0 ? [] : Array.from(density(sample, grid, widths[next++]), (share) => share / step),
  );
  return { x: Array.from(grid), y };
}

function commonGrid(...samples: readonly (readonly number[])[]): { grid: Float64Array; widths: number[] } {
  const all = samples.flat();
  const low = all.reduce((least, value) => Math.min(least, value), Infinity);
  const high = all.reduce((most, value) => Math.max(most, value), -Infinity);
  // A sample of equal values has no width of its own: a narrow one then, but one that the grid still shows.
  const least = (high - low || Math.abs(high) || 1) / 50;
  const widths = samples.map((sample) => Math.max(least, deviation(sample) * sample.length ** -0.2));
  const margin = MARGIN * Math.max(...widths);
  const step = (high - low + 2 * margin) / (POINTS - 1);
  return { grid: Float64Array.from({ length: POINTS }, (_, i) => low - margin + i * step), widths };
}

/** Of each point of the grid, the share of the whole. */
function density(sample: readonly number[], grid: Float64Array, width: number): Float64Array {
  const shares = new Float64Array(POINTS);
  for (const value of sample) {
    for (let i = 0; i < POINTS; i += 1) shares[i] += Math.exp(-0.5 * ((grid[i] - value) / width) ** 2);
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

/** Standard deviation of a sample; 0 for one value. */
export function deviation(sample: readonly number[]): number {
  if (sample.length < 2) return 0;
  const middle = mean(sample);
  return Math.sqrt(sample.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (sample.length - 1));
}

export function mean(sample: readonly number[]): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length;
}
