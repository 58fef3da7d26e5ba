import * as Plot from '@observablehq/plot';
import type { Histogram } from '@rondo/tokenizer';
import { chartSvg, emptyChartSvg, type ChartOptions } from '../charts/chart.js';
import { countFormat } from '../charts/histogram.js';
import { colours } from '../theme.js';

export interface ColumnsOptions extends ChartOptions {
  /** Name and unit of the values. */
  xLabel: string;
  /** What is counted: `notes`, `files`. */
  unit: string;
}

/** Pixels: the name of the axis with its tick marks, and a digit. */
const [LABEL_WIDTH, DIGIT_WIDTH] = [40, 7.2];

/** A histogram that is counted already; empty bins at both ends are left out. */
export function columnsSvg({ edges, counts, over }: Histogram, options: ColumnsOptions): string {
  const total = counts.reduce((sum, count) => sum + count, over);
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return emptyChartSvg(options, `No ${options.unit}`);
  const last = counts.findLastIndex((count) => count > 0);
  const bins = counts
    .map((count, i) => ({ from: edges[i], to: edges[i + 1], count }))
    .slice(Math.max(0, first - 1), last + 2);
  const beyond = over > 0 ? ` · ${over.toLocaleString('en')} beyond ${edges[edges.length - 1]} not shown` : '';
  return chartSvg(
    {
      marginLeft: LABEL_WIDTH + DIGIT_WIDTH * countFormat(Math.max(...counts)).length,
      x: { label: options.xLabel, labelAnchor: 'center', labelArrow: 'none' },
      y: { label: options.unit, grid: true, labelArrow: 'none', tickFormat: countFormat },
      marks: [
        Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'count', fill: colours.primary, fillOpacity: 0.85, inset: 0.5 }),
        Plot.ruleY([0], { stroke: colours.frame }),
      ],
    },
    { subtitle: `${total.toLocaleString('en')} ${options.unit}${beyond}`, ...options },
  );
}
