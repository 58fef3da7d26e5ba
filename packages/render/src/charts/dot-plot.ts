import * as Plot from '@observablehq/plot';
import { colours, trackColours } from '../theme.js';
import { type ChartOptions, chartSvg, emptyChartSvg } from './chart.js';

/** A line of a dot plot. */
export interface DotRow {
  label: string;
  /** One value for each series; those that are not finite are left out. */
  values: readonly number[];
}

/** What the dots are, beside what every chart has. */
export interface DotPlotOptions extends ChartOptions {
  /** Names of the series, in the order of the values. */
  series: readonly string[];
  /** Name and unit of the values. */
  xLabel?: string;
  /** A value of each series to compare with, drawn as a line; not finite: none. */
  base?: readonly number[];
}

const ROW_HEIGHT = 21;
const LETTER_WIDTH = 6.9;

/** Values by name, one line a name, from top to bottom in the given order. Returns a self-contained SVG document. */
export function dotPlotSvg(rows: readonly DotRow[], options: DotPlotOptions): string {
  const dots = rows.flatMap(({ label, values }) =>
    values.flatMap((value, series) => (Number.isFinite(value) ? [{ label, value, series }] : [])),
  );
  if (dots.length === 0) return emptyChartSvg(options, 'No values');
  const colourOf = (series: number) => trackColours[series % trackColours.length];
  const lines = (options.base ?? []).flatMap((value, series) => (Number.isFinite(value) ? [{ value, series }] : []));
  const fill = ({ series }: { series: number }) => colourOf(series);
  return chartSvg(
    {
      marginLeft: 20 + LETTER_WIDTH * Math.max(...rows.map(({ label }) => label.length)),
      x: { label: options.xLabel ?? null, labelAnchor: 'center', labelArrow: 'none', grid: true, nice: true },
      y: { type: 'band', domain: rows.map(({ label }) => label), label: null },
      marks: [
        Plot.ruleX(lines, { x: 'value', stroke: fill, strokeDasharray: '5 4' }),
        Plot.ruleY(rows, { y: 'label', stroke: colours.grid }),
        Plot.dot(dots, { x: 'value', y: 'label', fill, r: 4.5 }),
      ],
    },
    { height: 62 + 14 + 46 + rows.length * ROW_HEIGHT, ...options },
    options.series.map((label, series) => ({ label, colour: colourOf(series) })),
  );
}
