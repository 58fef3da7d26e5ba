import { element, text } from '../svg/element.js';
import { colours } from '../theme.js';
import { clock } from '../timeline.js';
import { spacing, type RollLayout, type Row } from './layout.js';

const blackKeys = new Set([1, 3, 6, 8, 10]);

export function isBlackKey(pitch: number): boolean {
  return blackKeys.has(pitch % 12);
}

/** Top edge of a key's lane inside the row's plot. */
export function laneTop(layout: RollLayout, pitch: number): number {
  return (layout.highest - pitch) * layout.keyHeight;
}

function plotHeight(layout: RollLayout): number {
  return (layout.highest - layout.lowest + 1) * layout.keyHeight;
}

/** Lanes of black keys and a line under every C: the ground on which notes are drawn. Origin: the plot's top left. */
export function lanes(layout: RollLayout, width: number): string[] {
  const drawn = [element('rect', { width, height: plotHeight(layout), fill: colours.whiteLane })];
  for (let pitch = layout.lowest; pitch <= layout.highest; pitch += 1) {
    const y = laneTop(layout, pitch);
    if (isBlackKey(pitch)) drawn.push(element('rect', { y, width, height: layout.keyHeight, fill: colours.blackLane }));
    if (pitch % 12 === 0 && pitch > layout.lowest) {
      const bottom = y + layout.keyHeight;
      drawn.push(element('line', { x2: width, y1: bottom, y2: bottom, stroke: colours.octave, 'stroke-width': 1 }));
    }
  }
  return drawn;
}

/** The keyboard left of the plot, C's named. Origin: the plot's top left, so x is negative. */
export function gutter(layout: RollLayout): string[] {
  const width = 22;
  const height = plotHeight(layout);
  const drawn = [
    element('rect', { x: -width, width, height, fill: colours.keyWhite, stroke: colours.frame, 'stroke-width': 1 }),
  ];
  for (let pitch = layout.lowest; pitch <= layout.highest; pitch += 1) {
    const y = laneTop(layout, pitch);
    if (isBlackKey(pitch)) {
      drawn.push(
        element('rect', { x: -width, y, width: width * 0.62, height: layout.keyHeight, fill: colours.keyBlack }),
      );
    } else if (pitch > layout.lowest && !isBlackKey(pitch - 1)) {
      const edge = y + layout.keyHeight;
      drawn.push(
        element('line', { x1: -width, x2: 0, y1: edge, y2: edge, stroke: colours.frame, 'stroke-width': 0.7 }),
      );
    }
    if (pitch % 12 === 0) {
      const label = `C${pitch / 12 - 1}`;
      const middle = y + layout.keyHeight / 2 + 3.6;
      drawn.push(text(-width - 6, middle, label, { 'text-anchor': 'end', 'font-size': 10.5, fill: colours.quiet }));
    }
  }
  return drawn;
}

/** Bar and beat lines, bar numbers above, seconds below. */
export function barLines(layout: RollLayout, row: Row, seconds: (tick: number) => number): string[] {
  const height = plotHeight(layout);
  const x = (tick: number) => (tick - row.start) * layout.pixelsPerTick;
  const drawn: string[] = [];
  const vertical = (at: number, stroke: string, width: number) =>
    drawn.push(element('line', { x1: at, x2: at, y2: height, stroke, 'stroke-width': width }));
  let lastNumber = -Infinity;
  let lastTime = -Infinity;
  for (const bar of row.bars) {
    const at = x(bar.start);
    if (bar.beatTicks * layout.pixelsPerTick >= 7) {
      for (let tick = bar.start + bar.beatTicks; tick < bar.end; tick += bar.beatTicks)
        vertical(x(tick), colours.beat, 1);
    }
    vertical(at, colours.bar, 1);
    if (at - lastNumber >= 26) {
      drawn.push(text(at + 3, -5, String(bar.number), { 'font-size': 10.5, 'font-weight': 600, fill: colours.quiet }));
      lastNumber = at;
    }
    if (at - lastTime >= 60) {
      drawn.push(text(at + 3, height + 13, clock(seconds(bar.start)), { 'font-size': 10, fill: colours.quiet }));
      lastTime = at;
    }
  }
  vertical(x(row.end), colours.bar, 1);
  drawn.push(
    element('rect', { width: x(row.end), height, fill: 'none', stroke: colours.frame, 'stroke-width': 1 }),
    ...signatureMarks(layout, row),
  );
  return drawn;
}

/** A meter is written where it changes, also at the start of a row; the first one stands in the picture's subtitle. */
function signatureMarks(layout: RollLayout, row: Row): string[] {
  const rowBefore = layout.rows[layout.rows.indexOf(row) - 1];
  return row.bars.flatMap((bar, index) => {
    const before = (row.bars[index - 1] ?? rowBefore?.bars.at(-1))?.signature;
    const { numerator, denominator } = bar.signature;
    if (!before || (before.numerator === numerator && before.denominator === denominator)) return [];
    const x = (bar.start - row.start) * layout.pixelsPerTick + 26;
    return [
      text(x, -5, `${numerator}/${denominator}`, { 'font-size': 10.5, 'font-weight': 600, fill: colours.accent }),
    ];
  });
}

export { plotHeight, spacing };
