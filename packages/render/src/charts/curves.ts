import * as Plot from '@observablehq/plot';
import { colours, trackColours } from '../theme.js';
import { chartSvg, emptyChartSvg, plotFrame, type ChartOptions, type LegendEntry } from './chart.js';
import { placeLabels } from './curve-labels.js';

/** A point of a curve, in the units of the axes. */
export interface Point {
  x: number;
  y: number;
}

/** One line of a chart. */
export interface Curve {
  label: string;
  points: readonly Point[];
  /** Default: the next colour of the palette. */
  colour?: string;
}

/** A horizontal line to compare with. */
export interface Level {
  label: string;
  y: number;
}

/** A point to mark, with its words. */
export interface Mark extends Point {
  label: string;
  colour?: string;
}

/** Names of the axes, levels and a mark, beside what every chart has. */
export interface CurveOptions extends ChartOptions {
  xLabel?: string;
  yLabel?: string;
  levels?: readonly Level[];
  mark?: Mark;
}

/** Lines over a common axis, with optional dashed levels and one marked point. Returns a self-contained SVG document. */
export function curveSvg(curves: readonly Curve[], options: CurveOptions = {}): string {
  const drawn = curves
    .map((curve, index) => ({
      ...curve,
      colour: curve.colour ?? trackColours[index % trackColours.length],
      points: curve.points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y)),
    }))
    .filter((curve) => curve.points.length > 0);
  if (drawn.length === 0) return emptyChartSvg(options, 'No points yet');
  const levels = (options.levels ?? []).filter((level) => Number.isFinite(level.y));
  const [xDomain, yDomain] = domains(
    drawn.map((curve) => curve.points),
    levels,
  );
  const x = { domain: xDomain, label: options.xLabel ?? null, labelAnchor: 'center', labelArrow: 'none' } as const;
  const y = { domain: yDomain, label: options.yLabel ?? null, grid: true, labelArrow: 'none', nice: true } as const;
  const labels = placeLabels(
    drawn.map((curve) => curve.points),
    levels,
    options.mark,
    { x, y, frame: plotFrame(options) },
  );
  const legend: LegendEntry[] = drawn.map(({ label, colour }) => ({ label, colour }));
  return chartSvg(
    {
      x,
      y,
      marks: [
        ...levels.map(levelRule),
        ...drawn.flatMap(({ points, colour }) => curveMarks(points, colour)),
        ...(options.mark ? [markDot(options.mark)] : []),
        ...labels,
      ],
    },
    options,
    legend,
  );
}

/** A line; its points too while they are few enough to be told apart. */
function curveMarks(points: readonly Point[], stroke: string): Plot.Markish[] {
  const line = Plot.lineY(points, { x: 'x', y: 'y', stroke, strokeWidth: 2.2, strokeLinejoin: 'round' });
  return points.length <= 30 ? [line, Plot.dot(points, { x: 'x', y: 'y', fill: stroke, r: 2.6 })] : [line];
}

function levelRule(level: Level): Plot.Markish {
  return Plot.ruleY([level.y], { stroke: colours.baseline, strokeWidth: 1.4, strokeDasharray: '6 4' });
}

function markDot(mark: Mark): Plot.Markish {
  const stroke = mark.colour ?? colours.accent;
  return Plot.dot([mark], { x: 'x', y: 'y', r: 5.5, fill: colours.ground, stroke, strokeWidth: 2.4 });
}

type Domain = [number, number];

function domains(curves: readonly (readonly Point[])[], levels: readonly Level[]): [Domain, Domain] {
  const points = curves.flat();
  const extent = (values: readonly number[]): Domain => [
    values.reduce((least, value) => Math.min(least, value), Infinity),
    values.reduce((most, value) => Math.max(most, value), -Infinity),
  ];
  const x = extent(points.map((point) => point.x));
  const y = extent([...points.map((point) => point.y), ...levels.map((level) => level.y)]);
  // Room below for the words of the marked point, above for those of the highest level.
  const air = Math.max(1e-6, (y[1] - y[0]) * 0.08);
  return [
    x[0] === x[1] ? [x[0] - 0.5, x[1] + 0.5] : x,
    [Math.max(y[0] >= 0 ? 0 : -Infinity, y[0] - air * 1.6), y[1] + air],
  ];
}
