import { describe, expect, it } from 'vitest';
import { hasBadNumbers, parseSvg, textsOf } from '../testing/svg.js';
import { dotPlotSvg } from './dot-plot.js';

const rows = [
  { label: 'base', values: [4, 5] },
  { label: 'less dropout', values: [4.4, NaN] },
  { label: 'tied', values: [3.8, 4.9] },
];
const options = { title: 'Choices', series: ['twelve keys', 'one key'], xLabel: 'nats', base: [4, 5] };

const circles = (svg: string) => [...parseSvg(svg).querySelectorAll('g[aria-label="dot"] circle')];

describe('dotPlotSvg', () => {
  const svg = dotPlotSvg(rows, options);

  it('names every line, the axis and the series', () => {
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['Choices', 'base', 'less dropout', 'tied', 'nats', 'twelve keys', 'one key']),
    );
    expect(hasBadNumbers(svg)).toBe(false);
  });

  it('has a dot for each finite value, the greater one further to the right, lines from top to bottom', () => {
    const dots = circles(svg).map((dot) => [Number(dot.getAttribute('cx')), Number(dot.getAttribute('cy'))]);
    expect(dots).toHaveLength(5);
    const [base, baseOfOneKey, dropout, tied] = dots as [number, number][];
    expect(base![0]).toBeLessThan(baseOfOneKey![0]);
    expect(base![1]).toBe(baseOfOneKey![1]);
    expect(dropout![1]).toBeGreaterThan(base![1]);
    expect(tied![0]).toBeLessThan(base![0]);
  });

  it('draws the bases as lines through their own dots', () => {
    const lines = [...parseSvg(svg).querySelectorAll('g[aria-label="rule"] line')].map((line) =>
      line.getAttribute('x1'),
    );
    expect(lines).toContain(circles(svg)[0]!.getAttribute('cx'));
  });

  it('says so when there is nothing', () => {
    expect(textsOf(dotPlotSvg([{ label: 'a', values: [NaN] }], { series: ['x'] }))).toContain('No values');
  });
});
