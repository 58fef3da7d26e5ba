import type * as Plot from '@observablehq/plot';

/** About how many ticks a count axis has at most. */
const mostTicks = 10;

/** The vertical axis of a histogram: whole counts from 0 to a tick above the highest bar. */
export function countAxis(bars: readonly { count: number }[]): Plot.ScaleOptions {
  const most = bars.reduce((highest, bar) => Math.max(highest, bar.count), 0);
  const step = wholeStep(most / mostTicks);
  const ticks = Array.from({ length: Math.floor(most / step) + 2 }, (_, index) => index * step);
  return {
    domain: [0, ticks[ticks.length - 1]],
    ticks,
    label: 'notes',
    grid: true,
    labelArrow: 'none',
    tickFormat: countFormat,
  };
}

/** Whole counts only: half a note is no tick. */
export function countFormat(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : '';
}

/** 1, 2 or 5 times a power of ten, 1 at least. */
function wholeStep(least: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, least))));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}
