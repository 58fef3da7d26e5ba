import { escape } from '../svg/element.js';
import { colours, fontFamily } from '../theme.js';

const STYLE = `
:root { color-scheme: light; }
body { margin: 0 auto; padding: 24px; max-width: 1320px; font: 15px/1.5 ${fontFamily}; color: ${colours.text}; background: ${colours.ground}; }
h1 { font-size: 28px; margin: 0 0 8px; } h2 { font-size: 20px; margin: 36px 0 12px; border-bottom: 1px solid ${colours.grid}; }
.figures span { display: inline-block; margin: 0 12px 8px 0; padding: 6px 14px; background: ${colours.blackLane}; border-radius: 6px; font-weight: 600; }
.pictures { display: flex; flex-wrap: wrap; gap: 16px; } figure { margin: 0; border: 1px solid ${colours.grid}; border-radius: 6px; overflow: hidden; max-width: 100%; }
figure svg { display: block; max-width: 100%; height: auto; }
.scroll { overflow: auto; max-height: 620px; border: 1px solid ${colours.grid}; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; } th, td { padding: 4px 10px; text-align: left; white-space: nowrap; }
th { position: sticky; top: 0; background: ${colours.blackLane}; cursor: pointer; user-select: none; } tr:nth-child(even) td { background: ${colours.blackLane}; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
`;

/** Sorts a table by the column whose heading is clicked; a second click turns the order round. */
const SCRIPT = `
for (const head of document.querySelectorAll('th')) head.addEventListener('click', () => {
  const column = head.cellIndex, body = head.closest('table').tBodies[0], isNumber = head.className === 'number';
  const down = head.dataset.order !== 'down';
  head.dataset.order = down ? 'down' : 'up';
  const value = (row) => { const text = row.cells[column].textContent; return isNumber ? (text === '–' ? -1e99 : Number(text)) : text; };
  const rows = [...body.rows].sort((a, b) => { const [x, y] = [value(a), value(b)]; return x < y ? -1 : x > y ? 1 : 0; });
  body.append(...(down === isNumber ? rows.reverse() : rows));
});
`;

/** A whole page of trusted markup under a title. It may load nothing, whatever stands in it. */
export function htmlPage(title: string, body: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escape(title)}</title><style>${STYLE}</style></head>`,
    `<body><h1>${escape(title)}</h1>${body}<script>${SCRIPT}</script></body></html>`,
    '',
  ].join('\n');
}
