import * as Plot from '@observablehq/plot';
import { colours } from '../theme.js';
import type { plotFrame } from './chart.js';
import type { Level, Mark, Point } from './curves.js';
import { choosePlace, labelBox, type Box, type Obstacles } from './placing.js';

interface Axes {
  x: Plot.ScaleOptions;
  y: Plot.ScaleOptions;
  frame: ReturnType<typeof plotFrame>;
}

/** Beyond this distance a fine line leads from the words to their point. */
const nearby = 26;

/** The words of levels and of the marked point, with a white halo, where they cover no curve and no other words. */
export function placeLabels(
  curves: readonly (readonly Point[])[],
  levels: readonly Level[],
  mark: Mark | undefined,
  { x, y, frame }: Axes,
): Plot.Markish[] {
  const toX = Plot.scale({ x: { type: 'linear', ...x, range: [frame.left, frame.right] } });
  const toY = Plot.scale({ y: { type: 'linear', ...y, range: [frame.bottom, frame.top] } });
  const pixel = (point: Point): Point => ({ x: toX.apply(point.x) as number, y: toY.apply(point.y) as number });
  const heights = levels.map((level) => toY.apply(level.y) as number);
  const data = (point: Point): Point => ({ x: toX.invert!(point.x) as number, y: toY.invert!(point.y) as number });
  const boxes: Box[] = [];
  const obstacles: Obstacles = {
    frame: boxBetween(frame),
    lines: curves.map((curve) => curve.map(pixel)),
    lightLines: heights.map((height) => [
      { x: frame.left, y: height },
      { x: frame.right, y: height },
    ]),
    boxes,
  };
  if (mark) boxes.push({ ...pixel(mark), width: 14, height: 14 });
  const marks = levels.map((level, index) => {
    const place = choosePlace(level.label, levelPlaces(level.label, heights[index], frame), obstacles);
    boxes.push(labelBox(level.label, place));
    return words(level.label, data(place), { fill: colours.quiet });
  });
  if (!mark) return marks;
  const point = pixel(mark);
  const place = choosePlace(mark.label, markPlaces(mark.label, point, frame), obstacles);
  const stroke = mark.colour ?? colours.accent;
  const leader = leaderEnds(point, place).map(data);
  return [
    ...marks,
    ...(leader.length > 0 ? [Plot.line(leader, { x: 'x', y: 'y', stroke, strokeWidth: 0.8 })] : []),
    words(mark.label, data(place), { fill: stroke, fontWeight: 600 }),
  ];
}

function boxBetween({ left, right, top, bottom }: Axes['frame']): Box {
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left + 12, height: bottom - top };
}

/** At the right end above or below the line, then further left, then further off. */
function levelPlaces(label: string, height: number, { left, right }: Axes['frame']): Point[] {
  const half = labelBox(label, { x: 0, y: 0 }).width / 2;
  const steps = Array.from({ length: 12 }, (_, index) => right - half - (index / 11) * (right - left - 2 * half));
  const near = steps.flatMap((x) => [-9, 10].map((dy) => ({ x, y: height + dy })));
  return [...near, ...[-24, 24, -40, 40, -60, 60].map((dy) => ({ x: steps[0], y: height + dy }))];
}

/** Below or above the point, ever further away. */
function markPlaces(label: string, point: Point, { left, right }: Axes['frame']): Point[] {
  const half = labelBox(label, { x: 0, y: 0 }).width / 2;
  const side = point.x > (left + right) / 2 ? -1 : 1;
  return [18, 24, 36, 50, 66, 84, 104, 126, 150].flatMap((distance) =>
    [side * (half - 4), 0, -side * (half - 4), side * (half + 40), -side * (half + 40)].flatMap((dx) =>
      [distance, -distance].map((dy) => ({ x: point.x + dx, y: point.y + dy })),
    ),
  );
}

function leaderEnds(point: Point, place: Point): Point[] {
  if (Math.abs(place.y - point.y) <= nearby) return [];
  const down = Math.sign(place.y - point.y);
  return [
    { x: point.x, y: point.y + 7 * down },
    { x: place.x, y: place.y - 8 * down },
  ];
}

function words(label: string, place: Point, style: Plot.TextOptions): Plot.Markish {
  return Plot.text([{ ...place, label }], {
    x: 'x',
    y: 'y',
    text: 'label',
    stroke: colours.ground,
    strokeWidth: 4,
    ...style,
  });
}
