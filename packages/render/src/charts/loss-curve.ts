import { colours } from '../theme.js';
import type { ChartOptions } from './chart.js';
import { curveSvg, type Level, type Point } from './curves.js';

/** One evaluation of a training run; the lines of `metrics.jsonl` have this shape and more. */
export interface LossPoint {
  epoch: number;
  step: number;
  loss: number;
  validLoss?: number | null;
}

/** Baselines and the axis of a chart of losses, beside what every chart has. */
export interface LossCurveOptions extends ChartOptions {
  /** Nats per token of the n-gram models, drawn as dashed levels. */
  baselines?: { unigram?: number; bigram?: number };
  /** Default: epochs, or steps where several points share an epoch. */
  x?: 'epoch' | 'step';
}

/**
 * Training and held-out loss over epochs (or steps), the unigram and bigram baselines as dashed lines, and the point of
 * least held-out loss (of least training loss where nothing is held out) marked. Returns a self-contained SVG document.
 */
export function lossCurveSvg(points: readonly LossPoint[], options: LossCurveOptions = {}): string {
  const axis = options.x ?? (new Set(points.map((point) => point.epoch)).size === points.length ? 'epoch' : 'step');
  const train = points.map((point) => ({ x: point[axis], y: point.loss }));
  const valid = points.flatMap((point) =>
    typeof point.validLoss === 'number' ? [{ x: point[axis], y: point.validLoss }] : [],
  );
  const judged = valid.length > 0 ? valid : train;
  const colour = valid.length > 0 ? colours.accent : colours.primary;
  const best = leastOf(judged);
  return curveSvg(
    [
      { label: 'training', points: train, colour: colours.primary },
      { label: 'held out', points: valid, colour: colours.accent },
    ],
    {
      title: 'Loss',
      ...options,
      xLabel: axis,
      yLabel: 'nats per token',
      levels: baselineLevels(options.baselines ?? {}),
      mark: best && { ...best, label: `best ${best.y.toFixed(3)} at ${axis} ${round(best.x)}`, colour },
    },
  );
}

function baselineLevels(baselines: { unigram?: number; bigram?: number }): Level[] {
  return (['unigram', 'bigram'] as const).flatMap((name) => {
    const y = baselines[name];
    return y === undefined ? [] : [{ label: `${name} ${y.toFixed(2)}`, y }];
  });
}

function leastOf(points: readonly Point[]): Point | undefined {
  return points
    .filter((point) => Number.isFinite(point.y))
    .reduce<Point | undefined>((best, point) => (best === undefined || point.y < best.y ? point : best), undefined);
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
