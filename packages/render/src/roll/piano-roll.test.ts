import { describe, expect, it } from 'vitest';
import { RenderError } from '../errors.js';
import { line, scoreOf, track, twoHands } from '../testing/scores.js';
import { hasBadNumbers, parseSvg, textsOf } from '../testing/svg.js';
import { trackColours } from '../theme.js';
import { barsOf } from '../timeline.js';
import { layOut } from './layout.js';
import { pianoRollSvg } from './piano-roll.js';

/** Note rectangles: those with rounded corners and a fill opacity. */
function noteRects(svg: string): Element[] {
  return [...parseSvg(svg).querySelectorAll('rect[rx][fill-opacity]')];
}

describe('pianoRollSvg', () => {
  it('draws every note once, higher pitches higher and later notes further right', () => {
    const svg = pianoRollSvg(
      scoreOf([
        track(
          line([
            [60, 1],
            [64, 1],
            [67, 2],
          ]),
        ),
      ]),
    );
    const [c, e, g] = noteRects(svg).map((rect) => ['x', 'y', 'width'].map((name) => Number(rect.getAttribute(name))));
    expect(noteRects(svg)).toHaveLength(3);
    expect(c[1]).toBeGreaterThan(e[1]);
    expect(e[1]).toBeGreaterThan(g[1]);
    expect(g[0] - e[0]).toBeCloseTo(e[0] - c[0], 1);
    expect(g[2]).toBeGreaterThan(1.9 * c[2]);
    expect(hasBadNumbers(svg)).toBe(false);
  });

  it('names octaves, numbers bars and gives the time in seconds', () => {
    const texts = textsOf(pianoRollSvg(twoHands(4), { title: 'Four bars' }));
    expect(texts).toEqual(
      expect.arrayContaining(['Four bars', 'C3', 'C4', 'C5', '1', '2', '3', '4', '0:02', '0:04', '0:06']),
    );
    expect(texts).toContain('4/4 · 120 quarters a minute · 4 bars · 36 notes · 0:08');
  });

  it('shows loudness as opacity and tracks as colours with a legend', () => {
    const loud = track(line([[60, 1, 120]]), { name: 'Flute' });
    const soft = track(line([[64, 1, 20]]), { name: 'Cello' });
    const svg = pianoRollSvg(scoreOf([loud, soft]));
    const [first, second] = noteRects(svg);
    expect(Number(first.getAttribute('fill-opacity'))).toBeGreaterThan(
      Number(second.getAttribute('fill-opacity')) + 0.3,
    );
    expect([first, second].map((rect) => rect.getAttribute('fill'))).toEqual(trackColours.slice(0, 2));
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['Flute', 'Cello']));
  });

  it('puts bar and beat lines where the time signatures say', () => {
    const tracks = [track(line(Array.from({ length: 12 }, () => [60, 1] as const)))];
    const timeSignatures = [
      { tick: 0, numerator: 3, denominator: 4 },
      { tick: 6 * 480, numerator: 6, denominator: 8 },
    ];
    const bars = barsOf(scoreOf(tracks, { timeSignatures }));
    expect(bars.map((bar) => bar.start / 480)).toEqual([0, 3, 6, 9]);
    expect(bars.map((bar) => bar.beatTicks / 480)).toEqual([1, 1, 1.5, 1.5]);
    expect(textsOf(pianoRollSvg(scoreOf(tracks, { timeSignatures })))).toContain('6/8');
  });

  it('names a new meter also at the start of a row', () => {
    const score = twoHands(60);
    const rows = layOut(score, barsOf(score), 600).rows;
    expect(rows.length).toBeGreaterThan(2);
    const change = { tick: rows[1].start, numerator: 2, denominator: 2 }; // bars as long as before
    const timeSignatures = [{ tick: 0, numerator: 4, denominator: 4 }, change];
    expect(textsOf(pianoRollSvg({ ...score, timeSignatures }, { width: 600 })).filter((one) => one === '2/2')).toHaveLength(1); // prettier-ignore
  });

  it('calls tracks without a name by their instruments, or by number where these are the same', () => {
    const nameless = (program: number) => track(line([[60, 1]]), { name: '', program });
    expect(textsOf(pianoRollSvg(scoreOf([nameless(40), nameless(73)])))).toEqual(expect.arrayContaining(['violin', 'flute'])); // prettier-ignore
    expect(textsOf(pianoRollSvg(scoreOf([nameless(40), nameless(40)])))).toEqual(expect.arrayContaining(['Track 1', 'Track 2'])); // prettier-ignore
  });

  it('cuts a bar short where the meter changes inside it', () => {
    const timeSignatures = [
      { tick: 0, numerator: 4, denominator: 4 },
      { tick: 3 * 480, numerator: 2, denominator: 4 },
    ];
    const bars = barsOf(scoreOf([track(line([[60, 5]]))], { timeSignatures }));
    expect(bars.map((bar) => [bar.start / 480, bar.end / 480])).toEqual([
      [0, 3],
      [3, 5],
    ]);
  });

  it('wraps long pieces into rows that hold every bar once and fit the width', () => {
    const score = twoHands(150);
    const layout = layOut(score, barsOf(score), 1200);
    expect(layout.rows.length).toBeGreaterThan(5);
    expect(layout.rows.flatMap((row) => row.bars.map((bar) => bar.number))).toEqual(
      Array.from({ length: 150 }, (_, i) => i + 1),
    );
    for (const row of layout.rows)
      expect((row.end - row.start) * layout.pixelsPerTick).toBeLessThanOrEqual(layout.plotWidth + 0.01);
    expect(layout.pixelsPerTick * 480).toBeGreaterThanOrEqual(14);
  });

  it('ends the picture of a very long piece and says where', () => {
    const score = { ...twoHands(2), endTick: 1500 * 1920 };
    const svg = pianoRollSvg(score, { width: 400 });
    expect(Number(/ height="(\d+)"/.exec(svg)?.[1])).toBeLessThanOrEqual(60_000);
    const [, shown, minutes, seconds] = /· 50:00 · bars 1 to ([\d,]+) shown, up to (\d+):(\d+)</.exec(svg) ?? [];
    const last = Number(shown.replace(',', ''));
    expect(last).toBeGreaterThan(500);
    expect(Number(minutes) * 60 + Number(seconds)).toBe(last * 2);
    expect(svg).toContain('1,500 bars');
  });

  it('draws a broken file with millions of bars', () => {
    const timeSignatures = [{ tick: 0, numerator: 1, denominator: 1024 }];
    const svg = pianoRollSvg(scoreOf([track(line([[60, 1]]))], { timeSignatures, endTick: 2 ** 28 }));
    expect(svg).toMatch(/· bars 1 to 20,000 shown/);
    expect(svg.length).toBeLessThan(20e6);
  });

  it('draws a note that crosses a row in both rows', () => {
    const score = scoreOf([track([...line(Array.from({ length: 64 }, () => [60, 1] as const))])]);
    score.tracks[0].notes.push({ tick: 0, duration: 64 * 480, pitch: 72, velocity: 90 });
    score.tracks[0].notes.sort((a, b) => a.tick - b.tick || a.pitch - b.pitch);
    const rows = layOut(score, barsOf(score), 1200).rows.length;
    expect(rows).toBeGreaterThan(1);
    expect(noteRects(pianoRollSvg(score))).toHaveLength(64 + rows);
  });

  it('keeps user text out of the markup', () => {
    const name = '<script>alert("x")</script> & \u0007';
    const svg = pianoRollSvg(scoreOf([track(line([[60, 1]]), { name }), track(line([[62, 1]]), { name })]), {
      title: name,
    });
    expect(parseSvg(svg).querySelectorAll('script')).toHaveLength(0);
    expect(svg).not.toContain('\u0007');
  });

  it('draws an empty score, drums and one very short piece', () => {
    const empty = scoreOf([]);
    const drums = scoreOf([
      track(
        line([
          [36, 1],
          [38, 1],
        ]),
        { isDrum: true },
      ),
    ]);
    expect(textsOf(pianoRollSvg(empty))).toContain('4/4 · 120 quarters a minute · 1 bar · 0 notes · 0:00');
    expect(parseSvg(pianoRollSvg(drums)).querySelectorAll('polygon')).toHaveLength(2);
    expect(hasBadNumbers(pianoRollSvg(empty) + pianoRollSvg(drums))).toBe(false);
  });

  it('colours by velocity when asked and refuses a width of nothing', () => {
    const score = scoreOf([
      track(
        line([
          [60, 1, 20],
          [60, 1, 120],
        ]),
      ),
    ]);
    const fills = noteRects(pianoRollSvg(score, { colourBy: 'velocity' })).map((rect) => rect.getAttribute('fill'));
    expect(new Set(fills).size).toBe(2);
    expect(() => pianoRollSvg(score, { width: 0 })).toThrow(RenderError);
  });

  it('gives the same text for the same score', () => {
    expect(pianoRollSvg(twoHands(20))).toBe(pianoRollSvg(twoHands(20)));
  });
});
