import type { RankedTrial, TuneOptions } from '@rondo/trainer';

/** What all trials of a search had in common. */
export interface Searched extends Pick<TuneOptions, 'objective' | 'seed'> {
  /** Folder of the dataset. */
  dataset: string;
  /** Folder of the search. */
  out: string;
  /** Whether the networks were told of the frames before, as those of `chorales` are. */
  told: boolean;
}

/**
 * The `rondo train` command that trains the best trial anew: the same network, data, settings and number of updates, so
 * the same weights. From there a schedule, or more passes, can be tried.
 */
export function winnerCommand(
  best: RankedTrial,
  { dataset, out, objective = 'all', seed = 1, told }: Searched,
): string {
  const { point, steps, epochs } = best;
  const options = {
    // The same kind of network and optimiser as that of the trials; what differs from them is said.
    preset: told ? 'chorales' : 'small',
    objective,
    layers: point.layers,
    units: point.units,
    embedding: point.embedding,
    'input-dropout': point.inputDropout,
    dropout: point.dropout,
    'recurrent-dropout': point.recurrentDropout,
    'batch-norm': point.batchNorm === 1,
    tied: point.tied === 1,
    'label-smoothing': point.labelSmoothing,
    sequence: point.sequence,
    batch: point.batch,
    lr: point.learningRate,
    // The trials have one rate from their first update to their last, and no average of the weights.
    ...(told && { schedule: 'constant', 'warmup-steps': 0, averaging: 0 }),
    patience: 0,
    epochs: Math.max(1, Math.ceil(epochs)),
    ...(!Number.isInteger(epochs) && { 'max-steps': steps }),
    seed,
  };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return ['rondo', 'train', quoted(dataset), '--out', quoted(`${out}-run`), ...words].join(' ');
}

/** A word of a shell command. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
