import type { Score } from '@rondo/tokenizer';
import type { Bar } from '../timeline.js';

/** Distances of the picture, in pixels. */
export const spacing = { left: 62, right: 22, header: 66, barNumbers: 18, times: 18, between: 14, bottom: 12 } as const;

/** One system: a run of whole bars, drawn side by side. */
export interface Row {
  bars: Bar[];
  start: number;
  end: number;
}

export interface RollLayout {
  rows: Row[];
  pixelsPerTick: number;
  keyHeight: number;
  lowest: number;
  highest: number;
  plotWidth: number;
  rowHeight: number;
  width: number;
  height: number;
}

const comfortable = 40; // pixels per quarter for a piece that needs few rows
const tightest = 14; // pixels per quarter in a very long one
const widest = 120;
const manyRows = 8;

/**
 * Breaks a piece into rows of whole bars and chooses its scale: few rows are spacious; past `manyRows` rows the music is
 * set tighter, down to `tightest`, and only then do rows grow in number again.
 */
export function layOut(score: Score, bars: readonly Bar[], width: number): RollLayout {
  const plotWidth = width - spacing.left - spacing.right;
  const quarters = (bars[bars.length - 1].end - bars[0].start) / score.ticksPerQuarter;
  const dense = Math.min(comfortable, Math.max(tightest, (manyRows * plotWidth) / quarters));
  const capacity = (plotWidth / dense) * score.ticksPerQuarter;
  const rows = breakIntoRows(bars, capacity);
  const longest = Math.max(...rows.map((row) => row.end - row.start));
  const pixelsPerTick = Math.min(plotWidth / longest, widest / score.ticksPerQuarter);
  const [lowest, highest] = pitchRange(score);
  const keys = highest - lowest + 1;
  const keyHeight = Math.min(9, Math.max(3.5, 250 / keys));
  const rowHeight = spacing.barNumbers + keys * keyHeight + spacing.times + spacing.between;
  const height = Math.ceil(spacing.header + rows.length * rowHeight + spacing.bottom);
  return { rows, pixelsPerTick, keyHeight, lowest, highest, plotWidth, rowHeight, width, height };
}

/** Fills rows with bars; where four fit, a row takes a multiple of four, so that phrases stay together. */
function breakIntoRows(bars: readonly Bar[], capacity: number): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < bars.length; ) {
    let count = 1;
    while (at + count < bars.length && bars[at + count].end - bars[at].start <= capacity) count += 1;
    if (at + count < bars.length && count > 4) count -= count % 4;
    const taken = bars.slice(at, at + count);
    rows.push({ bars: taken, start: taken[0].start, end: taken[count - 1].end });
    at += count;
  }
  return rows;
}

/** Lowest and highest key shown: all notes with a little air, two octaves at least. */
function pitchRange(score: Score): [number, number] {
  let lowest = 128;
  let highest = -1;
  for (const track of score.tracks) {
    for (const { pitch } of track.notes) {
      lowest = Math.min(lowest, pitch);
      highest = Math.max(highest, pitch);
    }
  }
  if (highest < 0) return [48, 72];
  lowest -= 2;
  highest += 2;
  while (highest - lowest < 24) {
    lowest -= 1;
    highest += 1;
  }
  return [Math.max(0, lowest), Math.min(127, highest)];
}
