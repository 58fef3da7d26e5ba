import { describe, expect, it } from 'vitest';
import { pitchHistogramSvg } from '../charts/note-histograms.js';
import { RenderError } from '../errors.js';
import { pianoRollSvg } from '../roll/piano-roll.js';
import { svgDocument } from '../svg/document.js';
import { readPng } from '../testing/pixels.js';
import { twoHands } from '../testing/scores.js';
import { svgToPng } from './svg-to-png.js';

const svg = (text: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50" font-family="Inter, system-ui, sans-serif"><text x="5" y="35" font-size="30">${text}</text></svg>`;

/** Share of pixels that are darker than mid-grey. */
function ink(bytes: Uint8Array): number {
  const png = readPng(bytes);
  let dark = 0;
  for (let y = 0; y < png.height; y += 1) for (let x = 0; x < png.width; x += 1) if (png.at(x, y)[0] < 128) dark += 1;
  return dark / (png.width * png.height);
}

describe('svgToPng', () => {
  it('draws text with the bundled font, no system font needed', () => {
    expect(ink(svgToPng(svg('Rondo')))).toBeGreaterThan(0.03);
    expect(ink(svgToPng(svg('')))).toBe(0);
  });

  it('takes the scale', () => {
    const { width, height } = readPng(svgToPng(svg('x'), { scale: 1.5 }));
    expect([width, height]).toEqual([300, 75]);
  });

  it('renders piano rolls and charts, the same bytes each time', () => {
    const score = twoHands(4);
    for (const picture of [pianoRollSvg(score), pitchHistogramSvg(score.tracks[0].notes)]) {
      const png = svgToPng(picture, { scale: 1 });
      expect(ink(png)).toBeGreaterThan(0.005);
      expect(Buffer.compare(png, svgToPng(picture, { scale: 1 }))).toBe(0);
    }
  });

  it('draws a note in its track’s colour', () => {
    const score = twoHands(1);
    score.tracks = [{ ...score.tracks[0], pedals: [], notes: [{ tick: 0, duration: 1920, pitch: 60, velocity: 127 }] }];
    const png = readPng(svgToPng(pianoRollSvg(score), { scale: 1 }));
    const column = Array.from({ length: png.height }, (_, y) => png.at(300, y).join());
    expect(column).toContain('0,114,178');
  });

  it('refuses what is no SVG and what would be too large', () => {
    expect(() => svgToPng('no picture')).toThrow(RenderError);
    expect(() => svgToPng(svg('x'), { scale: 1000 })).toThrow(/smaller picture or scale/);
    expect(() => svgToPng(svg('x'), { scale: 0 })).toThrow(/positive number, not 0/);
  });

  it('draws a long picture as large as fits, and refuses one that nobody could read', () => {
    const long = (height: number) => svgDocument(60, height, 'Long', []);
    const { width, height } = readPng(svgToPng(long(40_000)));
    expect([width, height]).toEqual([48, 32_000]);
    expect(() => svgToPng(long(40_000), { scale: 1 })).toThrow(/40000 pixels .* scale of 1,/);
    expect(() => svgToPng(long(64_100))).toThrow(/32050 pixels .* scale of 0.5,/);
  });

  it('gives memory back in a long run without a turn of the event loop', () => {
    const picture = svgDocument(1200, 500, 'Large', []);
    svgToPng(picture);
    const before = process.memoryUsage.rss();
    let most = 0;
    for (let index = 0; index < 60; index += 1) {
      svgToPng(picture);
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
    // Sixty pictures of 9.6 MB are 576 MB.
    expect(most).toBeLessThan(300e6);
  });
});
