import type { Point } from './curves.js';

/** A rectangle of pixels; x and y are its middle. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a label should keep away from, in pixels. */
export interface Obstacles {
  /** The label must stay inside. */
  frame: Box;
  /** Lines that must not run through it. */
  lines: readonly (readonly Point[])[];
  /** Lines that may, where there is no other place: its halo interrupts them. */
  lightLines?: readonly (readonly Point[])[];
  boxes?: readonly Box[];
}

/** About as wide as Inter draws it at 12 pixels, in bold. */
export function labelBox(label: string, middle: Point): Box {
  return { ...middle, width: label.length * 6.6 + 4, height: 16 };
}

/** The best of several places for a label; the earlier one of two equally good ones. */
export function choosePlace(label: string, places: readonly Point[], obstacles: Obstacles): Point {
  const costs = places.map((place) => cost(labelBox(label, place), obstacles));
  return places[costs.indexOf(Math.min(...costs))];
}

function cost(box: Box, { frame, lines, lightLines = [], boxes = [] }: Obstacles): number {
  return (
    (isInside(box, frame) ? 0 : 1000) +
    100 * lines.filter((line) => runsThrough(line, box)).length +
    100 * boxes.filter((other) => overlap(box, other)).length +
    10 * lightLines.filter((line) => runsThrough(line, box)).length
  );
}

function isInside(box: Box, frame: Box): boolean {
  return (
    2 * Math.abs(box.x - frame.x) <= frame.width - box.width &&
    2 * Math.abs(box.y - frame.y) <= frame.height - box.height
  );
}

function overlap(a: Box, b: Box): boolean {
  return 2 * Math.abs(a.x - b.x) < a.width + b.width && 2 * Math.abs(a.y - b.y) < a.height + b.height;
}

/** Whether any part of a line lies in a box. */
function runsThrough(line: readonly Point[], box: Box): boolean {
  if (line.length === 1) return crosses(line[0], line[0], box);
  return line.some((point, index) => index > 0 && crosses(line[index - 1], point, box));
}

/** Whether the segment from a to b meets the box: the part of it inside both strips of the box is not empty. */
function crosses(a: Point, b: Point, box: Box): boolean {
  let [from, to] = [0, 1];
  for (const [start, step, middle, half] of [
    [a.x, b.x - a.x, box.x, box.width / 2],
    [a.y, b.y - a.y, box.y, box.height / 2],
  ]) {
    if (step === 0) {
      if (Math.abs(start - middle) > half) return false;
      continue;
    }
    const ends = [(middle - half - start) / step, (middle + half - start) / step];
    from = Math.max(from, Math.min(...ends));
    to = Math.min(to, Math.max(...ends));
  }
  return from <= to;
}
