import { setImmediate } from 'node:timers/promises';
import {
  comparedOnsets,
  compareSets,
  CopyFinder,
  harmonyOf,
  musicMetrics,
  repetition,
  type ComparedOnsets,
  type FeatureComparison,
  type Harmony,
  type MetricSet,
  type MusicMetrics,
  type NoteCopy,
  type NoteLoop,
  type Score,
  type Tokenizer,
} from '@rondo/tokenizer';
import { isAsWritten, type Split } from '@rondo/tokenizer/node';
import type { ReadScore } from '../models/score-files.js';
import { InterruptedError } from '../terminal/exit-codes.js';
import { type AgreementSummary, type NamesakeAgreement, Namesakes } from './namesakes.js';

/** Held-out pieces whose copies are looked for: what real music has in common with the training pieces. */
const HELD_OUT_COPIES = 20;
/** Generated pieces that are drawn. */
const DRAWN = 4;

/** A generated piece, or a held-out one beside it. */
export interface PieceFinding {
  readonly file: string;
  readonly metrics: MusicMetrics;
  readonly longestLoop: NoteLoop | null;
  /** Against the training pieces as written; absent where these are not known. */
  readonly copy?: NoteCopy;
  /** The same in any key. */
  readonly transposedCopy?: NoteCopy;
  /** With the held-out piece of the same name, where there is one. */
  readonly agreement?: NamesakeAgreement;
}

/** What `--against` adds to the report. */
export interface Comparison {
  /** Pieces by set. */
  readonly pieces: Readonly<Record<string, number>>;
  readonly features: readonly FeatureComparison[];
  readonly generated: readonly PieceFinding[];
  /** How far generated pieces agree with the held-out ones of their names, if any do. */
  readonly agreement?: AgreementSummary;
  /** Some held-out pieces: how long copies are where nothing was copied. */
  readonly heldOut: readonly PieceFinding[];
}

/** What the page shows beside the figures. */
export interface ComparisonPictures {
  readonly sets: readonly MetricSet[];
  readonly drawn: readonly ReadScore[];
}

export interface ComparisonSources {
  readonly tokenizer: Tokenizer;
  readonly generated: AsyncIterable<ReadScore>;
  /** Absent where only MIDI files are given. */
  readonly training?: AsyncIterable<ReadScore>;
  readonly heldOut: AsyncIterable<ReadScore>;
}

/**
 * Metrics of generated pieces beside those of training and held-out ones, with their loops and longest copies. All are
 * heard as the scheme keeps them, so that no difference comes from what tokens cannot say.
 */
export async function compareGenerated(
  sources: ComparisonSources,
): Promise<{ comparison: Comparison; pictures: ComparisonPictures }> {
  const keep = (score: Score): Score => sources.tokenizer.scheme.quantise(score);
  const drawn: ReadScore[] = [];
  const generated: Finding[] = [];
  for await (const { file, score } of sources.generated) {
    const kept = keep(score);
    if (drawn.length < DRAWN) drawn.push({ file, score: kept });
    generated.push(new Finding(file, kept));
  }
  const namesakes = new Namesakes(generated);
  const heldOut: Finding[] = [];
  for await (const { file, score } of sources.heldOut) {
    const kept = keep(score);
    namesakes.add(file, kept);
    heldOut.push(new Finding(file, kept, heldOut.length < HELD_OUT_COPIES));
  }
  const training: MusicMetrics[] = [];
  for await (const { file, score } of sources.training ?? []) {
    const kept = keep(score);
    training.push(musicMetrics(kept));
    const onsets = comparedOnsets(kept);
    for (const finding of [...generated, ...heldOut]) finding.compare(file, onsets);
  }
  const sets: MetricSet[] = [
    { name: 'generated', pieces: generated.map(({ metrics }) => metrics) },
    ...(sources.training === undefined ? [] : [{ name: 'training', pieces: training }]),
    { name: 'held-out', pieces: heldOut.map(({ metrics }) => metrics) },
  ];
  const hasTraining = sources.training !== undefined;
  const agreement = namesakes.summary();
  const comparison = {
    pieces: Object.fromEntries(sets.map(({ name, pieces }) => [name, pieces.length])),
    features: compareSets(sets),
    generated: generated.map((finding) => ({ ...finding.report(hasTraining), ...namesakes.of(finding.file) })),
    ...(agreement === undefined ? {} : { agreement }),
    heldOut: heldOut.slice(0, HELD_OUT_COPIES).map((finding) => finding.report(hasTraining)),
  };
  return { comparison, pictures: { sets, drawn } };
}

/** One piece and what is found out about it. */
class Finding {
  readonly metrics: MusicMetrics;
  readonly harmony: Harmony;
  private readonly longestLoop: NoteLoop | null;
  private readonly finders: readonly CopyFinder[];

  constructor(
    readonly file: string,
    score: Score,
    withCopies = true,
  ) {
    this.metrics = musicMetrics(score);
    this.harmony = harmonyOf(score);
    this.longestLoop = repetition(score).longestLoop;
    this.finders = withCopies ? [new CopyFinder(score), new CopyFinder(score, true)] : [];
  }

  compare(file: string, piece: ComparedOnsets): void {
    for (const finder of this.finders) finder.compare(file, piece);
  }

  report(hasTraining: boolean): PieceFinding {
    const { file, metrics, longestLoop } = this;
    const [copy, transposedCopy] = this.finders.map((finder) => finder.longest);
    return { file, metrics, longestLoop, ...(hasTraining ? { copy, transposedCopy } : {}) };
  }
}

/** The pieces of a split as written: transposed and stretched copies are left out. */
export async function* splitScores(
  tokenizer: Tokenizer,
  split: Split,
  signal: AbortSignal,
  onPiece: (done: number, total: number) => void,
): AsyncGenerator<ReadScore> {
  const written = split.pieces.filter(isAsWritten);
  for (const [index, { file, offset, length }] of written.entries()) {
    onPiece(index, written.length);
    await setImmediate();
    if (signal.aborted) throw new InterruptedError('stopped: the comparison was not brought to its end');
    const ids = new Int32Array(length);
    split.read(offset, length, ids);
    yield { file, score: tokenizer.decode(ids) };
  }
}
