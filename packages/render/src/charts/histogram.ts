import * as Plot from '@observablehq/plot';
import { colours } from '../theme.js';
import { chartSvg, emptyChartSvg, type ChartOptions } from './chart.js';
import { countAxis } from './count-axis.js';

export { countFormat } from './count-axis.js';

/** Names of the axes and bins of a histogram, beside what every chart has. */
export interface HistogramOptions extends ChartOptions {
  /** Name and unit of the values. */
  xLabel?: string;
  /** About how many bins; default 40. Ignored when `binWidth` is given. */
  bins?: number;
  binWidth?: number;
  /**
   * The bin of this quantile (0..1, default 1) is the last one shown, and the subtitle says how many values lie beyond:
   * long tails hide the rest.
   */
  quantile?: number;
}

/** Counts of values in even bins. Non-finite values are left out. Returns a self-contained SVG document. */
export function histogramSvg(values: Iterable<number>, options: HistogramOptions = {}): string {
  const sorted = Float64Array.from([...values].filter(Number.isFinite)).sort();
  if (sorted.length === 0) return emptyChartSvg(options, 'No values');
  const limit = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * (options.quantile ?? 1)) - 1)];
  const bins = binValues(sorted, limit, options);
  const shown = bins.reduce((sum, bin) => sum + bin.count, 0);
  const end = bins[bins.length - 1].to;
  return chartSvg(
    {
      x: { domain: [bins[0].from, end], label: options.xLabel ?? null, labelAnchor: 'center', labelArrow: 'none' },
      y: countAxis(bins),
      marks: [
        Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'count', fill: colours.primary, fillOpacity: 0.85, inset: 0.5 }),
        Plot.ruleY([0], { stroke: colours.frame }),
      ],
    },
    { ...options, subtitle: options.subtitle ?? describe(sorted, sorted.length - shown, end) },
  );
}

interface Bin {
  from: number;
  to: number;
  count: number;
}

function binValues(sorted: Float64Array, limit: number, options: HistogramOptions): Bin[] {
  const from = sorted[0];
  const width = options.binWidth ?? niceWidth((limit - from) / (options.bins ?? 40));
  const first = Math.floor(from / width + 1e-9);
  const count = Math.max(1, Math.floor(limit / width + 1e-9) - first + 1);
  const bins = Array.from({ length: count }, (_, index) => {
    const start = (first + index) * width;
    return { from: start, to: start + width, count: 0 };
  });
  for (const value of sorted) {
    const index = Math.floor(value / width + 1e-9) - first;
    if (index < count) bins[index].count += 1;
  }
  return bins;
}

/** 1, 2 or 5 times a power of ten, nearest above. */
function niceWidth(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5, 10].find((step) => step * power >= width * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function describe(sorted: Float64Array, hidden: number, end: number): string {
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const short = (value: number) => String(Math.round(value * 1000) / 1000);
  const beyond = hidden > 0 ? ` · ${hidden.toLocaleString('en')} beyond ${short(end)} not shown` : '';
  return `${sorted.length.toLocaleString('en')} values · median ${short(middle)} · ${short(sorted[0])} to ${short(sorted[sorted.length - 1])}${beyond}`;
}
