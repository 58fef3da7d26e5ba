import type { NoteRow } from './note-table.js';

const COLUMNS = ['pitch', 'start', 'end', 'step', 'duration', 'velocity', 'instrument', 'name'] as const;

/**
 * The note table as CSV (RFC 4180: comma, CRLF, quotes where needed) with a header line.
 * Times are in seconds, to the microsecond.
 */
export function noteTableCsv(rows: readonly NoteRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => field(row[column])).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}

function field(value: number | string): string {
  if (typeof value === 'number') return String(Number(value.toFixed(6)));
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
