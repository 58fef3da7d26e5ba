import { describe, expect, it } from 'vitest';
import { hasBadNumbers, parseSvg, textsOf } from '../testing/svg.js';
import { curveSvg } from './curves.js';
import { histogramSvg } from './histogram.js';
import { lossCurveSvg } from './loss-curve.js';
import { durationHistogramSvg, pitchHistogramSvg, stepHistogramSvg, velocityHistogramSvg } from './note-histograms.js';

/** Heights of the bars of a histogram, left to right. */
function barHeights(svg: string): number[] {
  return [...parseSvg(svg).querySelectorAll('g[aria-label="rect"] rect')].map((rect) =>
    Number(rect.getAttribute('height')),
  );
}

const points = Array.from({ length: 12 }, (_, index) => ({
  epoch: index + 1,
  step: (index + 1) * 40,
  loss: 4 - index * 0.2,
  validLoss: 3 + (index - 7) ** 2 * 0.01,
}));

describe('histogramSvg', () => {
  it('draws bars as high as the counts', () => {
    const heights = barHeights(histogramSvg([0, 0, 0, 0, 1, 1, 2], { binWidth: 1 }));
    expect(heights).toHaveLength(3);
    expect(heights[0] / heights[2]).toBeGreaterThan(3.5);
    expect(heights[0] / heights[1]).toBeCloseTo(2, 0);
  });

  it('cuts a long tail at the quantile and says so', () => {
    const values = [...Array.from({ length: 99 }, (_, index) => index / 100), 1000];
    const texts = textsOf(histogramSvg(values, { quantile: 0.99 })).join(' ');
    expect(texts).toContain('1 beyond 1 not shown');
    expect(texts).toContain('100 values');
  });

  it('shows the last bin whole: no bar is cut where the tail is', () => {
    const values = [
      ...Array.from({ length: 990 }, (_, index) => index / 1000),
      0.991,
      0.995,
      0.999,
      ...Array<number>(7).fill(50),
    ];
    const svg = histogramSvg(values, { quantile: 0.985, binWidth: 0.1 });
    expect(textsOf(svg).join(' ')).toContain('7 beyond 1 not shown');
    const heights = barHeights(svg);
    expect(heights).toHaveLength(10);
    expect(heights[9]).toBeGreaterThanOrEqual(heights[8] * 0.92);
    const last = [...parseSvg(svg).querySelectorAll('g[aria-label="rect"] rect')][9];
    // The frame ends 26 pixels before the picture does, the bar half a pixel before the frame.
    expect(Number(last.getAttribute('x')) + Number(last.getAttribute('width'))).toBeCloseTo(840 - 26 - 0.5, 3);
  });

  it.each([1, 3, 10, 137, 600, 6234])('keeps the highest of %i below the top tick, which is labelled', (count) => {
    const svg = histogramSvg(Array<number>(count).fill(4), { binWidth: 1 });
    const ticks = [...parseSvg(svg).querySelectorAll('g[aria-label="y-axis tick label"] text')].map((tick) =>
      Number((tick.textContent ?? '').replaceAll(',', '')),
    );
    expect(ticks.every(Number.isInteger)).toBe(true);
    expect(ticks.length).toBeLessThanOrEqual(12);
    expect(Math.max(...ticks)).toBeGreaterThan(count);
    expect(barHeights(svg)[0]).toBeLessThan(460 - 62 - 14 - 46);
  });

  it.each([
    ['one value', [3]],
    ['equal values', [2, 2, 2]],
    ['values with NaN and infinities', [1, NaN, Infinity, 2]],
    ['negative values', [-5, -1, 0.5]],
  ])('draws %s', (_, values) => {
    const svg = histogramSvg(values, { title: 'T' });
    expect(hasBadNumbers(svg)).toBe(false);
    expect(barHeights(svg).some((height) => height > 0)).toBe(true);
  });

  it('says that there is nothing to show', () => {
    expect(textsOf(histogramSvg([], { title: 'Nothing' }))).toEqual(['Nothing', 'No values']);
  });
});

describe('histograms of notes', () => {
  const rows = [60, 62, 62, 61, 72].map((pitch, index) => ({
    pitch,
    step: index * 0.1,
    duration: 0.5,
    velocity: 20 * index + 7,
  }));

  it('counts keys, with the Cs named and black keys in another colour', () => {
    const svg = pitchHistogramSvg(rows);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['C4', 'C5', '5 notes · 4 different keys']));
    expect(barHeights(svg)).toHaveLength(4);
    const fills = [...parseSvg(svg).querySelectorAll('g[aria-label="rect"] rect')].map((rect) =>
      rect.getAttribute('fill'),
    );
    expect(new Set(fills).size).toBe(2);
  });

  it('draws steps, durations and velocities', () => {
    for (const svg of [stepHistogramSvg(rows), durationHistogramSvg(rows), velocityHistogramSvg(rows)]) {
      expect(hasBadNumbers(svg)).toBe(false);
      expect(barHeights(svg).filter((height) => height > 0).length).toBeGreaterThan(0);
    }
    expect(textsOf(velocityHistogramSvg(rows))).toContain('5 notes · mean 47.0');
  });

  it('survives empty tables', () => {
    for (const draw of [pitchHistogramSvg, stepHistogramSvg, durationHistogramSvg, velocityHistogramSvg])
      expect(textsOf(draw([])).join(' ')).toMatch(/No (notes|values)/);
  });
});

describe('lossCurveSvg', () => {
  it('draws both losses, the baselines with their values, and marks the best held-out point', () => {
    const svg = lossCurveSvg(points, { baselines: { unigram: 4.62, bigram: 2.5 }, title: 'Run 1' });
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['Run 1', 'training', 'held out', 'unigram 4.62', 'bigram 2.50', 'best 3.000 at epoch 8']),
    );
    expect(parseSvg(svg).querySelectorAll('g[aria-label="line"] path')).toHaveLength(2);
    expect(parseSvg(svg).querySelectorAll('g[aria-label="rule"]')).toHaveLength(2);
    expect(hasBadNumbers(svg)).toBe(false);
  });

  it('marks the least training loss where nothing is held out', () => {
    const texts = textsOf(lossCurveSvg(points.map(({ epoch, step, loss }) => ({ epoch, step, loss }))));
    expect(texts).toContain('best 1.800 at epoch 12');
    expect(texts).not.toContain('held out');
  });

  it('counts steps where several points share an epoch', () => {
    const texts = textsOf(lossCurveSvg(points.map((point) => ({ ...point, epoch: 1 }))));
    expect(texts).toContain('step');
    expect(texts).toContain('best 3.000 at step 320');
  });

  it.each([
    ['no point', []],
    ['one point', points.slice(0, 1)],
    ['a run that diverged', [...points, { epoch: 13, step: 520, loss: NaN, validLoss: Infinity }]],
  ])('draws %s', (_, given) => {
    expect(hasBadNumbers(lossCurveSvg(given, { baselines: { unigram: 4 } }))).toBe(false);
  });
});

describe('curveSvg', () => {
  it('places points by their values: a larger y is higher', () => {
    const svg = curveSvg([
      {
        label: 'a',
        points: [
          { x: 0, y: 1 },
          { x: 1, y: 2 },
          { x: 2, y: 4 },
        ],
      },
    ]);
    const heights = [...parseSvg(svg).querySelectorAll('circle')].map((dot) => Number(dot.getAttribute('cy')));
    expect(heights[0]).toBeGreaterThan(heights[1]);
    expect((heights[1] - heights[2]) / (heights[0] - heights[1])).toBeCloseTo(2, 3);
  });
});
