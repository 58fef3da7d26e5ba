import { describe, expect, it } from 'vitest';
import { hasBadNumbers, parseSvg, textsOf } from '../testing/svg.js';
import { tuningSvg, type TuningTrial } from './tuning.js';

const trial = (number: number, units: number, rate: number, losses: readonly number[]): TuningTrial => ({
  trial: number,
  point: { units, rate, layers: 2 },
  results: losses.map((y, rung) => ({ x: 3 ** rung, y })),
});

const trials = [
  trial(1, 64, 0.001, [3, 2.5, 2.4]),
  trial(2, 128, 0.004, [2.9, 2.6]),
  trial(3, 64, 0.01, [2.2]),
  trial(4, 256, 0.002, [Infinity]),
];

/** Dots of all panels; the curves have theirs besides. */
const dots = (svg: string) => parseSvg(svg).querySelectorAll('g[aria-label="dot"] circle').length;

describe('tuningSvg', () => {
  it('draws every result, and a panel for each value that was varied', () => {
    const svg = tuningSvg(trials, { logarithmic: ['units', 'rate'] });
    const texts = textsOf(svg);
    expect(texts).toContain('units');
    expect(texts).toContain('rate');
    expect(texts).not.toContain('layers');
    expect(dots(svg)).toBe(3 + 2 + 1 + 2 * 3);
    expect(hasBadNumbers(svg)).toBe(false);
  });

  it('names the trial that was trained longest, not the luckiest of the first rung', () => {
    expect(textsOf(tuningSvg(trials)).join(' ')).toContain('best: trial 1 with 2.400');
  });

  it('says so when nothing has ended', () => {
    expect(textsOf(tuningSvg([])).join(' ')).toContain('No trial has ended yet');
    expect(textsOf(tuningSvg([trial(1, 8, 0.1, [])])).join(' ')).toContain('No trial has ended yet');
  });

  it('draws a single trial', () => {
    expect(hasBadNumbers(tuningSvg([trial(1, 8, 0.1, [2])]))).toBe(false);
  });
});
