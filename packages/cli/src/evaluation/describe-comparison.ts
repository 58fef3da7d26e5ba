import type { FeatureComparison } from '@rondo/tokenizer';
import { formatTable } from '../terminal/format.js';
import type { Comparison, PieceFinding } from './compare-generated.js';
import type { AgreementSummary } from './namesakes.js';

/** The comparison as tables of text. */
export function describeComparison({ pieces, features, generated, agreement, heldOut }: Comparison): string {
  const sets = Object.entries(pieces).map(([name, count]) => `${count} ${name}`);
  return [
    `generated pieces beside real ones (${sets.join(', ')}):`,
    featureTable(features, Object.keys(pieces)),
    '',
    describeCopies(generated, heldOut),
    ...(agreement === undefined ? [] : [describeAgreement(agreement)]),
    worstTable(generated),
  ].join('\n');
}

/** Mean and deviation by set, and how much the generated values overlap with those of the others. */
function featureTable(features: readonly FeatureComparison[], sets: readonly string[]): string {
  const others = sets.filter((name) => name !== 'generated');
  const header = ['', ...sets, ...others.map((name) => `overlap ${name}`), ...others.map((name) => `KL ${name}`)];
  const rows = features.map(({ label, sets: summaries, likeness }) => [
    label,
    ...sets.map((name) => {
      const { mean, deviation } = summaries[name];
      return mean === null || deviation === null ? '–' : `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`;
    }),
    ...others.map((name) => likeness[`generated vs. ${name}`]?.overlap.toFixed(2) ?? '–'),
    ...others.map((name) => likeness[`generated vs. ${name}`]?.divergence.toFixed(2) ?? '–'),
  ]);
  return formatTable(header, rows, header.map((_, i) => i).slice(1)); // prettier-ignore
}

export function describeAgreement({ pairs, key, chords, byChance }: AgreementSummary): string {
  const figures = (name: string, own: number | null, other: number | null | undefined) =>
    `${name} ${own?.toFixed(2) ?? '–'}${other === undefined ? '' : ` (by chance ${other?.toFixed(2) ?? '–'})`}`;
  const beside = pairs === 1 ? '1 piece beside the held-out one of its name' : `${pairs} pieces beside the held-out ones of their names`; // prettier-ignore
  return `${beside}: ${figures('key', key, byChance?.key)}, ${figures('chords', chords, byChance?.chords)}`;
}

function describeCopies(generated: readonly PieceFinding[], heldOut: readonly PieceFinding[]): string {
  const loops = generated.filter(({ longestLoop }) => longestLoop !== null).length;
  const line = `${loops} of ${generated.length} pieces have a loop`;
  if (generated.every(({ copy }) => copy === undefined)) return line;
  const longest = (pieces: readonly PieceFinding[]): string => {
    const counts = pieces.map(({ transposedCopy }) => transposedCopy?.events ?? 0).sort((a, b) => a - b);
    return `${counts[counts.length >> 1] ?? 0} (median) to ${counts.at(-1) ?? 0}`;
  };
  return `${line}; onsets in a row as in a training piece, in any key: ${longest(generated)}, held-out pieces ${longest(heldOut)}`;
}

/** The pieces that copy or repeat most. */
function worstTable(generated: readonly PieceFinding[]): string {
  const weight = ({ transposedCopy, metrics }: PieceFinding): number =>
    (transposedCopy?.events ?? 0) + 100 * (metrics.loopShare ?? 0);
  const worst = [...generated].sort((a, b) => weight(b) - weight(a)).slice(0, 5);
  const rows = worst.map(({ file, metrics, copy, transposedCopy }) => [
    file,
    String(metrics.notes),
    `${(100 * (metrics.loopShare ?? 0)).toFixed(0)} %`,
    copy === undefined ? '–' : String(copy.events),
    transposedCopy === undefined ? '–' : String(transposedCopy.events),
    transposedCopy?.file ?? '–',
  ]);
  return formatTable(['most copied or looped', 'notes', 'in loops', 'copied', 'in any key', 'of'], rows, [1, 2, 3, 4]);
}
