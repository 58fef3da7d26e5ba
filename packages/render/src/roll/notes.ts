import type { Note, Score } from '@rondo/tokenizer';
import { element } from '../svg/element.js';
import { colours, mix, trackColours, velocityColour } from '../theme.js';
import { laneTop } from './grid.js';
import type { RollLayout, Row } from './layout.js';

/** What the colour of a note means. */
export type ColourBy = 'track' | 'velocity';

export function trackColour(index: number): string {
  return trackColours[index % trackColours.length];
}

/** All notes that sound in a row, clipped to it; louder is more opaque. Origin: the plot's top left. */
export function rowNotes(score: Score, layout: RollLayout, row: Row, colourBy: ColourBy): string[] {
  return score.tracks.map((track, index) => {
    const base = trackColour(index);
    const drawn = track.notes
      .filter((note) => note.tick < row.end && note.tick + note.duration > row.start)
      .map((note) =>
        drawNote(
          note,
          layout,
          row,
          track.isDrum,
          colourBy === 'velocity' ? velocityColour(note.velocity) : base,
          colourBy,
        ),
      );
    return element(
      'g',
      { stroke: colourBy === 'track' ? mix(base, '#000000', 0.35) : undefined, 'stroke-width': 0.5 },
      drawn,
    );
  });
}

function drawNote(note: Note, layout: RollLayout, row: Row, isDrum: boolean, fill: string, colourBy: ColourBy): string {
  const from = Math.max(note.tick, row.start);
  const to = Math.min(note.tick + note.duration, row.end);
  const x = (from - row.start) * layout.pixelsPerTick;
  const y = laneTop(layout, note.pitch);
  const opacity = colourBy === 'track' ? 0.4 + 0.6 * (note.velocity / 127) : 0.95;
  if (isDrum) return drumMark(x, y, layout.keyHeight, fill, opacity);
  // Half a pixel of air before the next note of the same key keeps repeated notes apart.
  const width = Math.max(1.2, (to - from) * layout.pixelsPerTick - 0.8);
  return element('rect', {
    x,
    y: y + 0.3,
    width,
    height: layout.keyHeight - 0.6,
    rx: Math.min(2, width / 3, layout.keyHeight / 3),
    fill,
    'fill-opacity': opacity,
  });
}

/** Percussion has no length worth showing: a lozenge at the stroke. */
function drumMark(x: number, y: number, size: number, fill: string, opacity: number): string {
  const half = Math.max(2.5, size / 2);
  const middle = y + size / 2;
  const points = [
    `${x},${middle}`,
    `${x + half},${middle - half}`,
    `${x + 2 * half},${middle}`,
    `${x + half},${middle + half}`,
  ];
  return element('polygon', { points: points.join(' '), fill, 'fill-opacity': opacity });
}

/** Spans of the sustain pedal as a thin line along the row's foot. */
export function rowPedals(score: Score, layout: RollLayout, row: Row, y: number, colourBy: ColourBy): string[] {
  return score.tracks.flatMap((track, index) =>
    track.pedals
      .filter((pedal) => pedal.tick < row.end && pedal.tick + pedal.duration > row.start)
      .map((pedal) => {
        const x1 = (Math.max(pedal.tick, row.start) - row.start) * layout.pixelsPerTick;
        const x2 = (Math.min(pedal.tick + pedal.duration, row.end) - row.start) * layout.pixelsPerTick - 1;
        return element('line', {
          x1,
          x2: Math.max(x1 + 1, x2),
          y1: y,
          y2: y,
          stroke: colourBy === 'track' ? trackColour(index) : colours.quiet,
          'stroke-width': 2,
          'stroke-opacity': 0.55,
        });
      }),
  );
}
