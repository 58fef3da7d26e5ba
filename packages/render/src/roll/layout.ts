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
/** Beyond this no PNG of it could be read; a few hours of music. */
const tallest = 60_000;

/**
 * Breaks a piece into rows of whole bars and chooses its scale: few rows are spacious; past `manyRows` rows the music is
 * set tighter, down to `tightest`, and only then do rows grow in number again, until the picture is as tall as it may be:
 * what comes after has no row.
 */
export function layOut(score: Score, bars: readonly Bar[], width: number): RollLayout {
  const plotWidth = width - spacing.left - spacing.right;
  const quarters = (bars[bars.length - 1].end - bars[0].start) / score.ticksPerQuarter;
  const dense = Math.min(comfortable, Math.max(tightest, (manyRows * plotWidth) / quarters));
  const capacity = (plotWidth / dense) * score.ticksPerQuarter;
  const [lowest, highest] = pitchRange(score);
  const keys = highest - lowest + 1;
  const keyHeight = Math.min(9, Math.max(3.5, 250 / keys));
  const rowHeight = spacing.barNumbers + keys * keyHeight + spacing.times + spacing.between;
  const mostRows = Math.floor((tallest - spacing.header - spacing.bottom) / rowHeight);
  const rows = breakIntoRows(bars, capacity).slice(0, mostRows);
  const longest = Math.max(...rows.map((row) => row.end - row.start));
  const pixelsPerTick = Math.min(plotWidth / longest, widest / score.ticksPerQuarter);
  const height = Math.ceil(spacing.header + rows.length * rowHeight + spacing.bottom);
  return { rows, pixelsPerTick, keyHeight, lowest, highest, plotWidth, rowHeight, width, height };
}

/**
 * Shares the bars evenly among as few rows as hold them. Multiples of four, which keep phrases together, are preferred where
 * they cost one row at most and leave no orphans in the last one.
 */
function breakIntoRows(bars: readonly Bar[], capacity: number): Row[] {
  const longest = bars.reduce((most, bar) => Math.max(most, bar.end - bar.start), 1);
  const most = Math.max(1, Math.floor(capacity / longest + 1e-9));
  const fewest = Math.ceil(bars.length / most);
  const fours = most - (most % 4);
  const rest = fours > 0 ? bars.length % fours : 0;
  const inFours = fours > 0 && Math.ceil(bars.length / fours) <= fewest + 1 && (rest === 0 || rest * 2 >= fours);
  const perRow = inFours && fewest > 1 ? fours : Math.ceil(bars.length / fewest);
  const rows: Row[] = [];
  for (let at = 0; at < bars.length; at += perRow) {
    const taken = bars.slice(at, at + perRow);
    rows.push({ bars: taken, start: taken[0].start, end: taken[taken.length - 1].end });
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
