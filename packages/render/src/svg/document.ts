import { colours, fontFamily } from '../theme.js';
import { element, escape } from './element.js';

/** A whole SVG picture: white ground, the face of the house, a title that screen readers announce. */
export function svgDocument(width: number, height: number, label: string, children: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'font-family': fontFamily,
      'font-size': 12,
      fill: colours.text,
    },
    [`<title>${escape(label)}</title>`, element('rect', { width, height, fill: colours.ground }), ...children],
  );
}
