import { comparisonReportHtml, type ReportTable } from '@rondo/render/node';
import { commonFolder } from '../files/common-folder.js';
import { describeAgreement } from './describe-comparison.js';
import type { Comparison, ComparisonPictures, PieceFinding } from './compare-generated.js';

const text = (name: string) => ({ name, isNumber: false });
const number = (name: string) => ({ name, isNumber: true });

/** The comparison as one HTML page. @param model as the user named it @param likelihood in words */
export function comparisonPage(
  model: string,
  likelihood: string,
  { pieces, features, generated, agreement, heldOut }: Comparison,
  { sets, drawn }: ComparisonPictures,
): string {
  const root = commonFolder(generated.map(({ file }) => file));
  const inside = <T extends { readonly file: string }>(items: readonly T[]): T[] =>
    items.map((item) => ({ ...item, file: item.file.slice(root.length) }));
  return comparisonReportHtml({
    title: `Pieces by ${model}`,
    figures: [
      ...Object.entries(pieces).map(([name, count]) => `${count} ${name}`),
      likelihood,
      ...(agreement === undefined ? [] : [describeAgreement(agreement)]),
    ],
    sets,
    rolls: inside(drawn),
    tables: [featureTable(features, Object.keys(pieces)), ...pieceTables(inside(generated), heldOut)],
  });
}

function featureTable(features: Comparison['features'], sets: readonly string[]): ReportTable {
  const pairs = Object.keys(features[0].likeness);
  return {
    heading: 'Features',
    text: 'Mean and standard deviation over the pieces of a set. Overlap: area under the lower of two densities, 1 for the same. KL: divergence of the first set from the second in nats, 0 for the same.',
    columns: [
      text('feature'),
      text('unit'),
      ...sets.flatMap((name) => [number(name), number(`± ${name}`)]),
      ...pairs.flatMap((pair) => [number(`overlap, ${pair}`), number(`KL, ${pair}`)]),
    ],
    rows: features.map(({ label, unit, sets: summaries, likeness }) => [
      label,
      unit,
      ...sets.flatMap((name) => [round(summaries[name].mean), round(summaries[name].deviation)]),
      ...pairs.flatMap((pair) => [round(likeness[pair]?.overlap), round(likeness[pair]?.divergence)]),
    ]),
  };
}

function pieceTables(generated: readonly PieceFinding[], heldOut: readonly PieceFinding[]): ReportTable[] {
  const about =
    'Loops: onsets in phrases that come four times and more in a row. Copies: onsets in a row, with the waits between them, that stand in one training piece, in the same key or in any.';
  return [
    pieceTable('Generated pieces: loops and copies', about, generated),
    pieceTable('Held-out pieces: what real music has in common with the training pieces', undefined, heldOut),
  ];
}

function pieceTable(heading: string, about: string | undefined, pieces: readonly PieceFinding[]): ReportTable {
  return {
    heading,
    text: about,
    columns: [
      text('file'),
      ...['notes', 'loop %', 'period', 'copied onsets', 'copied quarters', 'in any key'].map(number),
      text('copied from'),
      text('key'),
    ],
    rows: pieces.map(({ file, metrics, longestLoop, copy, transposedCopy }) => [
      file,
      metrics.notes,
      metrics.loopShare === null ? null : Math.round(100 * metrics.loopShare),
      longestLoop?.period ?? null,
      copy?.events ?? null,
      round(copy?.quarters),
      transposedCopy?.events ?? null,
      transposedCopy?.file ?? null,
      metrics.key,
    ]),
  };
}

function round(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value.toFixed(3));
}
