import { describe, expect, it } from 'vitest';
import { hasBadNumbers, parseSvg } from '../testing/svg.js';
import { lossCurveSvg, type LossPoint } from './loss-curve.js';

const run = (epochs: number, loss: (epoch: number) => number, validLoss: (epoch: number) => number | null) =>
  Array.from({ length: epochs }, (_, index) => ({
    epoch: index + 1,
    step: index + 1,
    loss: loss(index + 1),
    validLoss: validLoss(index + 1),
  }));

/** Points along all curves of a picture, at most a pixel apart. */
function inkOfCurves(svg: string): [number, number][] {
  return [...parseSvg(svg).querySelectorAll('g[aria-label="line"] path')].flatMap((path) => {
    if (path.getAttribute('stroke-width') === '0.8') return []; // leads from words to their point
    const corners = [...(path.getAttribute('d') ?? '').matchAll(/([-\d.]+),([-\d.]+)/g)].map(([, x, y]) => [+x, +y]);
    return corners.flatMap(([x, y], index): [number, number][] => {
      const [fromX, fromY] = corners[Math.max(0, index - 1)];
      const steps = Math.ceil(Math.hypot(x - fromX, y - fromY)) + 1;
      return Array.from({ length: steps }, (_, at) => [
        fromX + ((x - fromX) * at) / steps,
        fromY + ((y - fromY) * at) / steps,
      ]);
    });
  });
}

/** The middle of words whose text starts like this, and half the size they have at least. */
function wordsAt(svg: string, start: string): { x: number; y: number; halfWidth: number } {
  const node = [...parseSvg(svg).querySelectorAll('g[aria-label="text"] text')].find((text) =>
    text.textContent?.startsWith(start),
  );
  const [, x, y] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(node?.getAttribute('transform') ?? '') ?? [];
  return { x: +x, y: +y, halfWidth: (node?.textContent ?? '').length * 2.9 };
}

function covered(svg: string, start: string): number {
  const { x, y, halfWidth } = wordsAt(svg, start);
  return inkOfCurves(svg).filter(([atX, atY]) => Math.abs(atX - x) < halfWidth && Math.abs(atY - y) < 6).length;
}

describe('words beside curves', () => {
  const wild = (phase: number) => (epoch: number) => 2.4 + Math.sin(epoch * phase) * 0.2;
  it.each<[string, LossPoint[]]>([
    [
      'curves that cross below the best point',
      run(
        12,
        (e) => 4 - e * 0.2,
        (e) => 3 + (e - 8) ** 2 * 0.01,
      ),
    ],
    [
      'a training loss just below',
      run(
        60,
        (e) => 1.2 + 3 * Math.exp(-e / 12),
        (e) => 1.5 + 2.8 * Math.exp(-e / 10) + 0.0015 * Math.max(0, e - 25) ** 1.6,
      ),
    ],
    [
      'curves beside each other to the end',
      run(
        40,
        (e) => 1.2 + 3 * Math.exp(-e / 12),
        (e) => 1.15 + 3 * Math.exp(-e / 12),
      ),
    ],
    ['curves about a baseline', run(25, wild(1), wild(1.3))],
    ['restless curves', run(150, wild(2.2), wild(2.9))],
    [
      'a best first epoch',
      run(
        30,
        (e) => 4 - e * 0.1,
        (e) => 3 + e * 0.05,
      ),
    ],
    [
      'no held-out loss',
      run(
        30,
        (e) => 3 - e * 0.05,
        () => null,
      ),
    ],
  ])('cover no curve: %s', (_, points) => {
    const svg = lossCurveSvg(points, { baselines: { unigram: 4.6, bigram: 2.5 } });
    expect(inkOfCurves(svg).length).toBeGreaterThan(300);
    for (const words of ['best', 'unigram', 'bigram']) expect(covered(svg, words), words).toBe(0);
    const best = wordsAt(svg, 'best');
    expect(best.x - best.halfWidth).toBeGreaterThan(50);
    expect(best.x + best.halfWidth).toBeLessThan(840 - 14);
    expect(hasBadNumbers(svg)).toBe(false);
  });
});
