import * as Plot from '@observablehq/plot';
import { chartSvg, emptyChartSvg, type ChartOptions } from '../charts/chart.js';
import { countFormat } from '../charts/histogram.js';
import { colours } from '../theme.js';

export interface Counted {
  readonly name: string;
  readonly count: number;
}

export interface BarsOptions extends ChartOptions {
  /** What is counted: `notes`, `files`. */
  unit: string;
  /** Names that fit beside each other; the rest are one bar. Default 16. */
  most?: number;
}

/** Counts of named things as lying bars, in the given order. */
export function barsSvg(counts: readonly Counted[], options: BarsOptions): string {
  const most = options.most ?? 16;
  if (counts.every(({ count }) => count === 0)) return emptyChartSvg(options, `No ${options.unit}`);
  const rest = counts.slice(most).reduce((sum, { count }) => sum + count, 0);
  const shown = [
    ...counts.slice(0, most),
    ...(rest > 0 ? [{ name: `${counts.length - most} more`, count: rest }] : []),
  ];
  const total = shown.reduce((sum, { count }) => sum + count, 0);
  return chartSvg(
    {
      marginLeft: 168,
      x: { label: options.unit, labelAnchor: 'center', labelArrow: 'none', grid: true, tickFormat: countFormat },
      y: { label: null, domain: shown.map(({ name }) => name), type: 'band' },
      marks: [
        Plot.barX(shown, { y: 'name', x: 'count', fill: colours.primary, fillOpacity: 0.85 }),
        Plot.ruleX([0], { stroke: colours.frame }),
      ],
    },
    { subtitle: `${total.toLocaleString('en')} ${options.unit}`, ...options },
  );
}
