import * as Plot from '@observablehq/plot';
import { isBlackKey } from '../roll/grid.js';
import { colours, mix, velocityColour } from '../theme.js';
import { chartSvg, emptyChartSvg, type ChartOptions } from './chart.js';
import { countAxis } from './count-axis.js';
import { histogramSvg } from './histogram.js';

/** How often each key is struck; takes the rows of a note table. Black keys are darker, every C is named. */
export function pitchHistogramSvg(rows: readonly { pitch: number }[], options: ChartOptions = {}): string {
  const titled = { title: 'Pitches', ...options };
  if (rows.length === 0) return emptyChartSvg(titled, 'No notes');
  const counts = new Array<number>(128).fill(0);
  for (const { pitch } of rows) counts[pitch] += 1;
  const lowest = Math.min(...rows.map((row) => row.pitch));
  const highest = Math.max(...rows.map((row) => row.pitch));
  const [from, to] = [Math.floor(lowest / 12) * 12, Math.max(lowest + 12, highest)];
  const keys = counts
    .map((count, pitch) => ({ from: pitch - 0.5, to: pitch + 0.5, count, pitch }))
    .filter(({ pitch, count }) => count > 0 && pitch >= from && pitch <= to);
  const octaves = Array.from({ length: 11 }, (_, octave) => octave * 12).filter(
    (pitch) => pitch >= from && pitch <= to,
  );
  return chartSvg(
    {
      x: {
        domain: [from - 0.5, to + 0.5],
        ticks: octaves,
        tickFormat: (pitch: number) => `C${pitch / 12 - 1}`,
        label: 'pitch (dark: black keys)',
        labelAnchor: 'center',
        labelArrow: 'none',
      },
      y: countAxis(keys),
      marks: [
        Plot.rectY(keys, {
          x1: 'from',
          x2: 'to',
          y: 'count',
          inset: 0.5,
          fill: (key: { pitch: number }) =>
            isBlackKey(key.pitch) ? mix(colours.primary, '#000000', 0.45) : colours.primary,
        }),
        Plot.ruleY([0], { stroke: colours.frame }),
      ],
    },
    { subtitle: `${rows.length.toLocaleString('en')} notes · ${keys.length} different keys`, ...titled },
  );
}

/** Seconds from one onset to the next (`step` of the note table); 0 means notes struck together. */
export function stepHistogramSvg(rows: readonly { step: number }[], options: ChartOptions = {}): string {
  const values = rows.map((row) => row.step);
  return histogramSvg(values, { title: 'Steps between onsets', xLabel: 'step, seconds', quantile: 0.99, ...options });
}

/** How long notes sound, in seconds. */
export function durationHistogramSvg(rows: readonly { duration: number }[], options: ChartOptions = {}): string {
  const values = rows.map((row) => row.duration);
  return histogramSvg(values, { title: 'Durations', xLabel: 'duration, seconds', quantile: 0.99, ...options });
}

/** How loud notes are struck, 1..127, four velocities a bin, in the colours of the piano roll by velocity. */
export function velocityHistogramSvg(rows: readonly { velocity: number }[], options: ChartOptions = {}): string {
  const titled = { title: 'Velocities', ...options };
  if (rows.length === 0) return emptyChartSvg(titled, 'No notes');
  const bins = Array.from({ length: 32 }, (_, index) => ({ from: index * 4, to: index * 4 + 4, count: 0 }));
  for (const { velocity } of rows) bins[Math.min(31, Math.max(0, Math.floor(velocity / 4)))].count += 1;
  const mean = rows.reduce((sum, row) => sum + row.velocity, 0) / rows.length;
  return chartSvg(
    {
      x: {
        domain: [0, 128],
        ticks: [0, 16, 32, 48, 64, 80, 96, 112, 127],
        label: 'velocity',
        labelAnchor: 'center',
        labelArrow: 'none',
      },
      y: countAxis(bins),
      marks: [
        Plot.rectY(bins, {
          x1: 'from',
          x2: 'to',
          y: 'count',
          inset: 0.5,
          fill: (bin: { from: number }) => velocityColour(bin.from + 2),
        }),
        Plot.ruleY([0], { stroke: colours.frame }),
      ],
    },
    { subtitle: `${rows.length.toLocaleString('en')} notes · mean ${mean.toFixed(1)}`, ...titled },
  );
}
