import { densities, FEATURES, featureValues, type MetricSet, type Score } from '@rondo/tokenizer';
import { BarMap, cutBars } from '@rondo/tokenizer';
import { curveSvg } from '../charts/curves.js';
import { pianoRollSvg } from '../roll/piano-roll.js';
import { escape } from '../svg/element.js';
import { htmlPage } from './page.js';

/** A table of text and numbers; null is a dash. */
export interface ReportTable {
  readonly heading: string;
  /** Sentences above the table. */
  readonly text?: string;
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** What the page of a comparison shows. */
export interface ComparisonReport {
  readonly title: string;
  /** Figures in a row at the top. */
  readonly figures: readonly string[];
  /** Sets in the order of their colours. */
  readonly sets: readonly MetricSet[];
  readonly tables: readonly ReportTable[];
  /** Pieces to draw; only their first bars are shown. */
  readonly rolls?: readonly { readonly file: string; readonly score: Score }[];
}

const [WIDTH, HEIGHT, BARS] = [620, 330, 16];
/** A curve needs fewer points than the density has. */
const EVERY = 8;

/**
 * Sets of pieces beside each other, as one self-contained HTML page: a distribution of each feature in every set, tables
 * that are sorted by a click, and piano rolls.
 */
export function comparisonReportHtml({ title, figures, sets, tables, rolls = [] }: ComparisonReport): string {
  const chips = figures.map((text) => `<span>${escape(text)}</span>`).join('');
  const drawn = rolls.map(({ file, score }) => {
    const { count } = new BarMap(score);
    return pianoRollSvg(count > BARS ? cutBars(score, 0, BARS) : score, { title: file, width: 1280 });
  });
  return htmlPage(
    title,
    [
      `<p class="figures">${chips}</p>`,
      section('Distributions', DISTRIBUTIONS, densityCharts(sets)),
      ...tables.map((table) => section(table.heading, tableHtml(table), [])),
      drawn.length === 0 ? '' : section('Generated pieces', `<p>The first ${BARS} bars of each.</p>`, drawn),
    ].join(''),
  );
}

const DISTRIBUTIONS =
  '<p>Each curve is the density of one value a piece; the area under each is one. The nearer the curves lie, the more alike the sets are in this respect, and in no other.</p>';

function section(heading: string, text: string, pictures: readonly string[]): string {
  const figures = pictures.map((svg) => `<figure>${svg}</figure>`).join('');
  return `<section><h2>${escape(heading)}</h2>${text}<div class="pictures">${figures}</div></section>`;
}

function densityCharts(sets: readonly MetricSet[]): string[] {
  return FEATURES.map(([feature, label, unit]) => {
    const found = densities(sets.map((set) => featureValues(set, feature)));
    const curves = sets.map(({ name }, i) => ({
      label: name,
      points: (found?.x ?? []).flatMap((x, k) =>
        k % EVERY === 0 && found?.y[i][k] !== undefined ? [{ x, y: found.y[i][k] }] : [],
      ),
    }));
    return curveSvg(curves, { width: WIDTH, height: HEIGHT, title: label, xLabel: unit });
  });
}

function tableHtml({ text, columns, rows }: ReportTable): string {
  const cell = (value: string | number | null, i: number): string =>
    `<td${columns[i].isNumber ? ' class="number"' : ''}>${value === null ? '–' : escape(String(value))}</td>`;
  const head = columns.map(({ name, isNumber }) => `<th${isNumber ? ' class="number"' : ''}>${escape(name)}</th>`);
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`);
  const above = text === undefined ? '' : `<p>${escape(text)}</p>`;
  return `${above}<div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
