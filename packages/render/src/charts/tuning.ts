import * as Plot from '@observablehq/plot';
import { svgDocument } from '../svg/document.js';
import { element } from '../svg/element.js';
import { colours, mix } from '../theme.js';
import { type ChartOptions, emptyChartSvg, heading, plotMarkup } from './chart.js';
import type { Point } from './curves.js';

/** One trial of a search over hyper-parameters. */
export interface TuningTrial {
  trial: number;
  /** The values that were tried, by name. */
  point: Readonly<Record<string, number>>;
  /** Held-out loss at the end of each rung: x passes over the data, y nats per token; rising in x. */
  results: readonly Point[];
}

/** The axes of the chart of a search, beside what every chart has. */
export interface TuningChartOptions extends ChartOptions {
  /** Names of values that are drawn on a logarithmic axis. */
  logarithmic?: readonly string[];
}

/** Loss over training for every trial, and loss over each value that was varied. The trial drawn in orange is the best. */
export function tuningSvg(trials: readonly TuningTrial[], options: TuningChartOptions = {}): string {
  const drawn = trials.filter(({ results }) => results.some(({ y }) => Number.isFinite(y)));
  if (drawn.length === 0) return emptyChartSvg({ title: 'Search', ...options }, 'No trial has ended yet');
  const best = bestOf(drawn);
  const names = Object.keys(best.point).filter((name) => new Set(drawn.map(({ point }) => point[name])).size > 1);
  const rows = Math.ceil(names.length / COLUMNS);
  const width = options.width ?? 840;
  const height = HEADER + CURVES + rows * PANEL;
  const y = lossDomain(drawn);
  const panels = names.map((name, index) =>
    element(
      'g',
      {
        transform: `translate(${(index % COLUMNS) * (width / COLUMNS)},${HEADER + CURVES + Math.floor(index / COLUMNS) * PANEL})`,
      },
      panel(drawn, best, name, { y, width: width / COLUMNS, log: options.logarithmic?.includes(name) ?? false }),
    ),
  );
  const subtitle = `${drawn.length} trials · best: trial ${best.trial} with ${lastOf(best).y.toFixed(3)} nats per held-out token · darker: trained longer`;
  return svgDocument(width, height, options.title ?? 'Search', [
    ...heading({ title: 'Search', subtitle, ...options }, width),
    element('g', { transform: `translate(0,${HEADER})` }, curves(drawn, best, y, width)),
    ...panels,
  ]);
}

const HEADER = 62;
const CURVES = 300;
const PANEL = 190;
const COLUMNS = 4;

const lastOf = ({ results }: TuningTrial): Point => results.at(-1) as Point;

/** The longest trained trial; by loss among equals. */
function bestOf(trials: readonly TuningTrial[]): TuningTrial {
  return trials.reduce((best, trial) => {
    const longer = trial.results.length - best.results.length;
    return longer > 0 || (longer === 0 && lastOf(trial).y < lastOf(best).y) ? trial : best;
  });
}

/** From the best loss to the median of the first rung with some air: hopeless trials would flatten all others. */
function lossDomain(trials: readonly TuningTrial[]): [number, number] {
  const losses = trials.flatMap(({ results }) => results.map(({ y }) => y)).filter(Number.isFinite);
  const first = trials.map(({ results }) => (results[0] as Point).y).sort((a, b) => a - b);
  const least = Math.min(...losses);
  const most = first[Math.floor(first.length * 0.8)] as number;
  const air = Math.max(1e-3, (most - least) * 0.12);
  return [least - air, most + air];
}

function curves(trials: readonly TuningTrial[], best: TuningTrial, y: [number, number], width: number): string {
  const lines = [...trials.filter((trial) => trial !== best), best].flatMap((trial) => {
    const stroke = trial === best ? colours.accent : mix(colours.primary, colours.ground, 0.45);
    return [
      Plot.line(trial.results, { x: 'x', y: 'y', stroke, strokeWidth: trial === best ? 2.4 : 1.2, clip: true }),
      Plot.dot(trial.results, { x: 'x', y: 'y', fill: stroke, r: trial === best ? 4 : 2.5, clip: true }),
    ];
  });
  return plotMarkup({
    x: {
      ...axis(
        trials.flatMap(({ results }) => results.map(({ x }) => x)),
        'passes over the training data',
        true,
      ),
      inset: 10,
    },
    y: {
      domain: y,
      label: 'nats per held-out token',
      labelAnchor: 'center',
      labelOffset: 50,
      labelArrow: 'none',
      grid: true,
    },
    width,
    height: CURVES,
    marginLeft: 64,
    marginRight: 26,
    marginTop: 10,
    marginBottom: 44,
    marks: lines,
  });
}

interface PanelOptions {
  y: [number, number];
  width: number;
  log: boolean;
}

function panel(trials: readonly TuningTrial[], best: TuningTrial, name: string, options: PanelOptions): string {
  const rungs = Math.max(...trials.map(({ results }) => results.length));
  const dots = trials.map((trial) => ({
    x: trial.point[name],
    y: lastOf(trial).y,
    fill:
      trial === best
        ? colours.accent
        : mix(colours.ground, colours.primary, 0.35 + (0.65 * trial.results.length) / rungs),
    r: trial === best ? 5 : 2 + trial.results.length,
  }));
  return plotMarkup({
    x: {
      ...axis(
        dots.map(({ x }) => x as number),
        name,
        options.log,
      ),
      inset: 8,
    },
    y: { domain: options.y, label: null, grid: true, ticks: 4 },
    width: options.width,
    height: PANEL,
    marginLeft: 46,
    marginRight: 14,
    marginTop: 12,
    marginBottom: 44,
    marks: [
      Plot.dot(dots, { x: 'x', y: 'y', fill: 'fill', r: 'r', clip: true, stroke: colours.ground, strokeWidth: 0.7 }),
    ],
  });
}

/** An axis with few and round ticks: the values themselves where they are few, else 1, 2 and 5 or what Plot finds. */
function axis(values: readonly number[], label: string, log: boolean): Plot.ScaleOptions {
  const distinct = [...new Set(values.map((value) => Number(value.toPrecision(3))))];
  const ticks =
    distinct.length <= 6 ? apart(distinct, log) : log ? decades(Math.min(...values), Math.max(...values)) : 4;
  const type = log ? 'log' : 'linear';
  return { type, label, labelAnchor: 'center', labelArrow: 'none', ticks, tickFormat: short };
}

/** Values of which neighbours are far enough apart for their labels. */
function apart(values: number[], log: boolean): number[] {
  const place = (value: number) => (log ? Math.log(value) : value);
  const sorted = values.sort((a, b) => a - b);
  const span = place(sorted.at(-1) as number) - place(sorted[0] as number);
  return sorted.reduce<number[]>((kept, value) => {
    const last = kept.at(-1);
    return last === undefined || place(value) - place(last) > 0.12 * span ? [...kept, value] : kept;
  }, []);
}

function decades(from: number, to: number): number[] {
  const powers = Array.from({ length: 13 }, (_, index) => 10 ** (index - 6));
  const fine = powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((tick) => tick >= from && tick <= to);
  return fine.length <= 4
    ? fine
    : powers.flatMap((power) => [power, 3 * power]).filter((tick) => tick >= from && tick <= to);
}

/** 0.003, 12, 1.5 */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
