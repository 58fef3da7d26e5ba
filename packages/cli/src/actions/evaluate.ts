import type { Bundle } from '@rondo/checkpoint';
import { loadBundle } from '@rondo/checkpoint';
import { openDataset, type Dataset, type SplitName } from '@rondo/tokenizer/node';
import {
  encodePieces,
  evaluateLikelihood,
  splitSource,
  type Likelihood,
  type LikelihoodOptions,
  type PieceIds,
  type PieceSource,
} from '@rondo/trainer';
import type { CommandContext } from '../command.js';
import { compareAgainst, datasetsAmong } from '../evaluation/against.js';
import { comparisonPage } from '../evaluation/comparison-page.js';
import { describeComparison } from '../evaluation/describe-comparison.js';
import { writeFile } from '../files/whole-file.js';
import { assertSameVocabulary } from '../models/same-vocabulary.js';
import { ScoreFiles } from '../models/score-files.js';
import { engineOf } from '../options/engine-options.js';
import { CommandError, InterruptedError, UsageError } from '../terminal/exit-codes.js';
import { formatCount, formatTable } from '../terminal/format.js';
import type { Output } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import type { EvaluateOptions } from '../commands/evaluate.js';

/** `rondo evaluate`: how likely a model finds a dataset's split, or MIDI files. */
export async function run(
  { model, data, split, noteAccuracy, against, html, precision, ...engine }: EvaluateOptions,
  { output, signal }: CommandContext,
): Promise<void> {
  if (html !== undefined && against === undefined)
    throw new UsageError('--html shows generated pieces beside real ones: name their folder with --against');
  if (split !== undefined && datasetsAmong(data).length === 0)
    throw new UsageError(`--split chooses a part of a dataset, and ${data.join(', ')} is none`);
  const bundle = await loadBundle(model, engineOf(engine, output));
  const progress = startProgress(output, 'evaluating', 'tokens');
  try {
    const onProgress = (done: number, total: number) => {
      if (signal.aborted) throw new InterruptedError('stopped: nothing was evaluated to the end');
      progress.update(done, total);
    };
    const report = await evaluate(bundle, data, split, output, signal, { precision, noteAccuracy, onProgress });
    progress.stop();
    if (against === undefined) return output.result(report, () => describe(report));
    const compared = await compareAgainst(against, { tokenizer: bundle.tokenizer, data, split }, output, signal);
    const page = () => comparisonPage(model, likelihoodText(report), compared.comparison, compared.pictures);
    if (html !== undefined) writeFile(html, page());
    const written = html === undefined ? {} : { written: [html] };
    output.result({ ...report, against: compared.comparison, ...written }, () =>
      [describe(report), '', describeComparison(compared.comparison), ...(html ? [`written  ${html}`] : [])].join('\n'),
    );
  } finally {
    progress.stop();
    bundle.network.dispose();
  }
}

/** What the command reports: nats per note compare models of different vocabularies, such as merged tokens. */
type Evaluation = Likelihood & { notes?: number; nllPerNote?: number };

async function evaluate(
  bundle: Bundle,
  data: string[],
  split: SplitName = 'test',
  output: Output,
  signal: AbortSignal,
  options: LikelihoodOptions,
): Promise<Evaluation> {
  const dataset = await datasetOf(data);
  if (dataset === undefined) {
    const pieces = await readPieces(bundle, data, output, signal);
    const notes = pieces.reduce((sum, { ids }) => sum + (bundle.tokenizer.countNotes(ids) ?? 0), 0);
    return withNotes(bundle, await evaluateLikelihood(bundle, pieces, options), notes);
  }
  try {
    const likelihood = await evaluateLikelihood(bundle, splitOf(bundle, dataset, split), options);
    return withNotes(bundle, likelihood, dataset.manifest.splits[split].notes ?? 0);
  } finally {
    await dataset.close();
  }
}

/** Models of a window do not score the beginnings of pieces, so the notes there are not theirs. */
function withNotes({ config }: Bundle, likelihood: Likelihood, notes: number): Evaluation {
  if (notes === 0 || config.objective === 'last') return likelihood;
  return { ...likelihood, notes, nllPerNote: likelihood.nll / notes };
}

async function datasetOf(data: string[]): Promise<Dataset | undefined> {
  const datasets = datasetsAmong(data);
  if (datasets.length === 0) return undefined;
  if (data.length > 1) throw new UsageError('evaluate takes one dataset, or MIDI files and folders, not both');
  return openDataset(datasets[0]);
}

function splitOf(bundle: Bundle, dataset: Dataset, split: SplitName): PieceSource {
  assertSameVocabulary(bundle, dataset);
  const source = splitSource(dataset.split(split));
  if (source.count === 0) {
    const others = Object.entries(dataset.manifest.splits).filter(([, { pieces }]) => pieces > 0);
    throw new CommandError(
      `the dataset ${dataset.dir} has no ${split} pieces; choose --split ${others.map(([name]) => name).join(' or ')}`,
    );
  }
  return source;
}

/** Only the ids of a piece stay in memory. */
async function readPieces(bundle: Bundle, data: string[], output: Output, signal: AbortSignal): Promise<PieceIds[]> {
  const pieces: PieceIds[] = [];
  let reason = '';
  const scores = await ScoreFiles.find(data, { output, signal });
  try {
    for await (const piece of scores) {
      const encoded = encodePieces(bundle.tokenizer, [piece]);
      pieces.push(...encoded.pieces);
      for (const skipped of encoded.skipped) {
        output.note(`skipped  ${skipped.file}: ${skipped.reason}`);
        reason ||= skipped.reason;
      }
    }
  } finally {
    scores.close();
  }
  if (pieces.length > 0) return pieces;
  throw new CommandError(`none of ${data.join(', ')} can be spelt with the model's vocabulary: ${reason}`);
}

function likelihoodText({ nll, frames, nllPerNote, nllPerToken }: Evaluation): string {
  if (frames !== undefined) return `${(nll / frames).toFixed(3)} nats per frame`;
  return nllPerNote === undefined
    ? `${nllPerToken.toFixed(3)} nats per token`
    : `${nllPerNote.toFixed(3)} nats per note`;
}

function describe(report: Evaluation): string {
  const { tokens, nllPerToken, perplexity, accuracy, frames, nll, pieces, unknown, notes, nllPerNote, noteAccuracy } =
    report;
  const worst = [...pieces]
    .filter((piece) => piece.tokens > 0)
    .sort((a, b) => b.nll / b.tokens - a.nll / a.tokens)
    .slice(0, 5)
    .map((piece) => [piece.file, formatCount(piece.tokens), (piece.nll / piece.tokens).toFixed(3)]);
  return [
    `${formatCount(tokens)} tokens in ${formatCount(pieces.length)} pieces: ${nllPerToken.toFixed(4)} nats per token, perplexity ${perplexity.toFixed(2)}, ${(100 * accuracy).toFixed(1)} % right`,
    frames && `${formatCount(frames)} frames: ${(nll / frames).toFixed(4)} nats per frame`,
    notes && nllPerNote && `${formatCount(notes)} notes: ${nllPerNote.toFixed(4)} nats per note`,
    noteAccuracy !== undefined &&
      noteAccuracy !== null &&
      `${(100 * noteAccuracy).toFixed(1)} % right where pitches are said (next-note accuracy)`,
    unknown && `${formatCount(unknown)} tokens are not in the vocabulary (scored as UNK)`,
    `hardest pieces:\n${formatTable(['file', 'tokens', 'nats/token'], worst, [1, 2])}`,
  ]
    .filter(Boolean)
    .join('\n');
}
