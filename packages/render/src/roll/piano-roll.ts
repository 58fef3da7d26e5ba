import { TempoMap, type Score, trackInstrument } from '@rondo/tokenizer';
import { RenderError } from '../errors.js';
import { svgDocument } from '../svg/document.js';
import { element, fit, text } from '../svg/element.js';
import { colours, velocityColour } from '../theme.js';
import { barsOf, clock, type Bar } from '../timeline.js';
import { barLines, gutter, lanes, plotHeight } from './grid.js';
import { layOut, spacing, type RollLayout, type Row } from './layout.js';
import { rowNotes, rowPedals, trackColour, type ColourBy } from './notes.js';

/** How a piano roll is drawn; everything has a default. */
export interface PianoRollOptions {
  /** Default: the name of the only track, else "Piano roll". */
  title?: string;
  /** Pixels, at least 400; default 1200. The height follows from the piece. */
  width?: number;
  /** Default `track`; with `velocity` a note's colour is its loudness. */
  colourBy?: ColourBy;
}

/** More than fit into the tallest picture in any usual meter. */
const mostBars = 20_000;

/**
 * A score as a piano roll: keyboard with octave names, bar and beat lines from the time signatures, bar numbers above and
 * seconds below, louder notes more opaque; long pieces wrap into rows, and of one that lasts for hours the subtitle says
 * which bars are shown. Returns a self-contained SVG document.
 * @throws RenderError RONDO_RENDER_WIDTH
 */
export function pianoRollSvg(score: Score, options: PianoRollOptions = {}): string {
  const width = options.width ?? 1200;
  if (!(width >= 400 && width <= 20_000))
    throw new RenderError(
      'RONDO_RENDER_WIDTH',
      `A piano roll is 400 to 20000 pixels wide, not ${width}; give another width.`,
    );
  const colourBy = options.colourBy ?? 'track';
  const title = options.title ?? ((score.tracks.length === 1 && score.tracks[0].name) || 'Piano roll');
  const bars = barsOf(score, mostBars);
  const layout = layOut(score, bars, width);
  const tempo = TempoMap.of(score);
  const seconds = (tick: number) => tempo.seconds(tick);
  const header = heading(score, layout, title, subtitle(score, bars, layout, seconds), colourBy);
  const rows = layout.rows.map((row, index) => drawRow(score, layout, row, index, seconds, colourBy));
  return svgDocument(layout.width, layout.height, title, [...header, ...rows]);
}

function drawRow(
  score: Score,
  layout: RollLayout,
  row: Row,
  index: number,
  seconds: (tick: number) => number,
  colourBy: ColourBy,
): string {
  const top = spacing.header + index * layout.rowHeight + spacing.barNumbers;
  const width = (row.end - row.start) * layout.pixelsPerTick;
  return element('g', { transform: `translate(${spacing.left},${top})` }, [
    ...lanes(layout, width),
    ...barLines(layout, row, seconds),
    ...rowNotes(score, layout, row, colourBy),
    ...rowPedals(score, layout, row, plotHeight(layout) - 1.5, colourBy),
    ...gutter(layout),
  ]);
}

function subtitle(score: Score, bars: readonly Bar[], layout: RollLayout, seconds: (tick: number) => number): string {
  const notes = score.tracks.reduce((sum, track) => sum + track.notes.length, 0);
  const { numerator, denominator } = bars[0].signature;
  const tempo = 60e6 / (score.tempos[0]?.microsecondsPerQuarter ?? 500_000);
  const count = (value: number, one: string) => `${value.toLocaleString('en')} ${one}${value === 1 ? '' : 's'}`;
  const { end, bars: lastBars } = layout.rows[layout.rows.length - 1];
  const shown = lastBars[lastBars.length - 1];
  const varies = score.tempos.length > 1 ? ' at first' : '';
  return [
    `${numerator}/${denominator}`,
    `${Math.round(tempo)} quarters a minute${varies}`,
    ...(bars.length < mostBars ? [count(bars.length, 'bar')] : []),
    count(notes, 'note'),
    clock(seconds(score.endTick)),
    ...(end < score.endTick
      ? [`bars 1 to ${shown.number.toLocaleString('en')} shown, up to ${clock(seconds(end))}`]
      : []),
  ].join(' · ');
}

function heading(score: Score, layout: RollLayout, title: string, under: string, colourBy: ColourBy): string[] {
  const legend = colourBy === 'track' ? trackLegend(score, layout) : velocityLegend(layout);
  return [
    text(spacing.left, 28, fit(title, layout.width * 0.55, 18), { 'font-size': 18, 'font-weight': 600 }),
    text(spacing.left, 48, under, { 'font-size': 12, fill: colours.quiet }),
    ...legend,
  ];
}

/** Swatches with track names, from the right edge; what does not fit is counted. */
function trackLegend(score: Score, layout: RollLayout): string[] {
  const tracks = score.tracks.map((track, index) => ({ track, index })).filter(({ track }) => track.notes.length > 0);
  if (tracks.length < 2) return [];
  const names = tracks.map(({ track, index }) => ({ name: fit(legendName(score, track, index), 130, 12), index }));
  const entryWidth = (name: string) => name.length * 6.6 + 30;
  const room = layout.width * 0.42;
  const shown: typeof names = [];
  let used = 0;
  for (const entry of names) {
    if (used + entryWidth(entry.name) > room) break;
    used += entryWidth(entry.name);
    shown.push(entry);
  }
  const drawn: string[] = [];
  let x = layout.width - spacing.right - used;
  for (const { name, index } of shown) {
    drawn.push(element('rect', { x, y: 18, width: 12, height: 12, rx: 2.5, fill: trackColour(index) }));
    drawn.push(text(x + 17, 28, name, { 'font-size': 12 }));
    x += entryWidth(name);
  }
  if (shown.length < names.length) {
    const more = `and ${names.length - shown.length} more`;
    drawn.push(text(layout.width - spacing.right, 48, more, { 'text-anchor': 'end', fill: colours.quiet }));
  }
  return drawn;
}

/** A track without a name is called by its instrument, where no other track plays the same. */
function legendName({ tracks }: Score, track: Score['tracks'][number], index: number): string {
  if (track.name !== '') return track.name;
  const instrument = trackInstrument(track);
  const isOne = tracks.filter((other) => trackInstrument(other) === instrument).length === 1;
  return isOne ? instrument : `Track ${index + 1}`;
}

function velocityLegend(layout: RollLayout): string[] {
  const steps = 24;
  const cell = 5;
  const left = layout.width - spacing.right - steps * cell - 34;
  const cells = Array.from({ length: steps }, (_, index) =>
    element('rect', {
      x: left + index * cell,
      y: 18,
      width: cell + 0.3,
      height: 12,
      fill: velocityColour(((index + 0.5) / steps) * 127),
    }),
  );
  return [
    text(left - 6, 28, 'velocity 1', { 'text-anchor': 'end', 'font-size': 12, fill: colours.quiet }),
    ...cells,
    text(left + steps * cell + 6, 28, '127', { 'font-size': 12, fill: colours.quiet }),
  ];
}
