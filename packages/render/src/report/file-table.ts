import type { FileSummary } from '@rondo/tokenizer';
import { escape } from '../svg/element.js';

/** More rows make a page that browsers are slow with. */
const MOST_ROWS = 2000;

interface Column {
  readonly heading: string;
  readonly isNumber: boolean;
  readonly cell: (file: FileSummary) => string | number | null;
}

const COLUMNS: readonly Column[] = [
  { heading: 'file', isNumber: false, cell: ({ file }) => file },
  { heading: 'notes', isNumber: true, cell: ({ notes }) => notes },
  { heading: 'seconds', isNumber: true, cell: ({ seconds }) => round(seconds, 1) },
  { heading: 'key', isNumber: false, cell: ({ key }) => key },
  { heading: 'fit', isNumber: true, cell: ({ keyFit }) => round(keyFit, 2) },
  { heading: 'tempo', isNumber: true, cell: ({ tempo }) => round(tempo, 0) },
  { heading: 'meter', isNumber: false, cell: ({ timeSignature }) => timeSignature },
  { heading: 'lowest', isNumber: true, cell: ({ lowest }) => lowest },
  { heading: 'highest', isNumber: true, cell: ({ highest }) => highest },
  { heading: 'notes/s', isNumber: true, cell: ({ notesPerSecond }) => round(notesPerSecond, 1) },
  { heading: 'polyphony', isNumber: true, cell: ({ polyphony }) => round(polyphony, 2) },
  { heading: 'instruments', isNumber: false, cell: ({ instruments }) => someOf(instruments) },
];

function someOf(names: readonly string[]): string {
  const [shown, more] = [names.slice(0, 3).join(', '), names.length - 3];
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** A line for each file, sorted by a click on a heading. */
export function fileTable(files: readonly FileSummary[]): string {
  const head = COLUMNS.map(({ heading, isNumber }) => `<th${isNumber ? ' class="number"' : ''}>${heading}</th>`).join(
    '',
  );
  const rows = files.slice(0, MOST_ROWS).map(row).join('');
  const more = files.length - MOST_ROWS;
  const note = more > 0 ? `<p>${more.toLocaleString('en')} more files are counted above but not listed.</p>` : '';
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>${note}`;
}

function row(file: FileSummary): string {
  const cells = COLUMNS.map(({ isNumber, cell }) => {
    const value = cell(file);
    return `<td${isNumber ? ' class="number"' : ''}>${value === null ? '–' : escape(String(value))}</td>`;
  });
  return `<tr>${cells.join('')}</tr>`;
}

function round(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
