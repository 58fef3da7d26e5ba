import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom/worker';
import { svgDocument } from '../svg/document.js';
import { element, fit, text } from '../svg/element.js';
import { colours } from '../theme.js';

/** What every chart takes. */
export interface ChartOptions {
  title?: string;
  /** A quieter line below the title. */
  subtitle?: string;
  /** Pixels; default 840 × 460. */
  width?: number;
  height?: number;
}

/** A swatch and its meaning, drawn at the top right. `dashed` draws a dashed line instead of a solid one. */
export interface LegendEntry {
  label: string;
  colour: string;
  dashed?: boolean;
}

const header = 62;
const margin = { top: 14, left: 64, right: 26, bottom: 46 } as const;

/** Where a chart draws its marks, in pixels of the plot below the heading. */
export function plotFrame({
  width = 840,
  height = 460,
}: ChartOptions): Record<'left' | 'right' | 'top' | 'bottom', number> {
  return { left: margin.left, right: width - margin.right, top: margin.top, bottom: height - header - margin.bottom };
}

/** Plot draws into a DOM; linkedom's worker build is one that needs neither a browser nor Node. */
function makeDocument(): Document {
  return parseHTML('<!doctype html><html><body></body></html>').document as unknown as Document;
}

/** Draws marks and axes with Plot and puts the heading above; returns a self-contained SVG document. */
export function chartSvg(plot: Plot.PlotOptions, options: ChartOptions, legend: readonly LegendEntry[] = []): string {
  const width = options.width ?? 840;
  const height = options.height ?? 460;
  const title = options.title ?? '';
  const drawn = plotMarkup({
    ...plot,
    // At the middle of its axis, left of the ticks, a label meets neither these nor the heading.
    y: { ...plot.y, labelAnchor: 'center', labelOffset: (plot.marginLeft ?? margin.left) - 14 },
    width,
    height: height - header,
    marginTop: margin.top,
    marginLeft: plot.marginLeft ?? margin.left,
    marginRight: margin.right,
    marginBottom: margin.bottom,
  });
  return svgDocument(width, height, title || 'Chart', [
    ...heading(options, width),
    ...legendMarks(legend, width - 26),
    element('g', { transform: `translate(0,${header})` }, drawn),
  ]);
}

/** Title and subtitle at the top left of a picture. */
export function heading({ title = '', subtitle = '' }: ChartOptions, width: number): string[] {
  return [
    text(24, 30, fit(title, width * 0.62, 17), { 'font-size': 17, 'font-weight': 600 }),
    text(24, 50, fit(subtitle, width * 0.9, 12), { fill: colours.quiet }),
  ];
}

/** What Plot draws, as one `<g>` to be placed in a picture. */
export function plotMarkup(plot: Plot.PlotOptions): string {
  const drawn = Plot.plot({ ...plot, document: makeDocument(), style: { fontSize: '12px', color: colours.text } });
  return element('g', { color: colours.text, 'font-size': 12 }, innerMarkup(drawn.outerHTML));
}

/**
 * The children of Plot's `<svg>`: its style sheet (for browsers alone) goes, and what it says with `currentColor` and a
 * fill on the root is said by the group around.
 */
function innerMarkup(svg: string): string {
  const inner = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>')).replace(/<style>[^]*?<\/style>/, '');
  return element('g', { fill: 'currentColor', 'text-anchor': 'middle' }, inner.trim());
}

function legendMarks(entries: readonly LegendEntry[], right: number): string[] {
  const lengths = entries.map((entry) => entry.label.length * 6.7 + 42);
  let x = right - lengths.reduce((sum, length) => sum + length, 0);
  return entries.flatMap((entry, index) => {
    const line = element('line', {
      x1: x,
      x2: x + 20,
      y1: 26,
      y2: 26,
      stroke: entry.colour,
      'stroke-width': 2.5,
      'stroke-dasharray': entry.dashed ? '5 4' : undefined,
    });
    const label = text(x + 26, 30, entry.label);
    x += lengths[index];
    return [line, label];
  });
}

/** A chart that has nothing to show says so. */
export function emptyChartSvg(options: ChartOptions, message: string): string {
  const width = options.width ?? 840;
  const height = options.height ?? 460;
  return svgDocument(width, height, options.title ?? 'Chart', [
    text(24, 30, options.title ?? '', { 'font-size': 17, 'font-weight': 600 }),
    text(width / 2, height / 2, message, { 'text-anchor': 'middle', 'font-size': 14, fill: colours.quiet }),
  ]);
}
