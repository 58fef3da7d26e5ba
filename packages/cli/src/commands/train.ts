import type { Precision } from '@rondo/core-native';
import type { Argv } from 'yargs';
import type { Command } from '../command.js';
import { PRESET_NAMES } from '../options/library-names.js';
import { UsageError } from '../terminal/exit-codes.js';
import { withEngineOptions, withPrecision, type EngineOptions } from '../options/engine-options.js';

export interface TrainCommandOptions extends EngineOptions {
  dataset: string;
  out: string;
  preset?: string;
  layers?: number;
  units?: number;
  embedding?: number;
  inputDropout?: number;
  dropout?: number;
  recurrentDropout?: number;
  batchNorm?: boolean;
  tied?: boolean;
  labelSmoothing?: number;
  objective?: 'all' | 'last';
  epochs?: number;
  batch?: number;
  sequence?: number;
  lr?: number;
  schedule?: 'constant' | 'cosine' | 'linear';
  warmupSteps?: number;
  clip?: number;
  averaging?: number;
  patience?: number;
  optimizer?: 'rmsprop' | 'adam' | 'adamw';
  evaluateEvery?: number;
  seed?: number;
  precision?: Precision;
  maxMinutes?: number;
  maxSteps?: number;
  saveEvery?: number;
  tensorboard?: string;
  resume: boolean;
  overwrite: boolean;
}

/** `rondo train`: a dataset → a run with its best and last model. */
export const trainCommand: Command<TrainCommandOptions> = {
  usage: 'train <dataset>',
  summary: 'Train a network on a dataset',
  examples: [
    ['$0 train data --out run', 'the small preset: minutes on two cores'],
    ['$0 train data --out run --resume', 'go on where it was stopped'],
    ['$0 train data --out run --preset tutorial', "the tutorial's network, with its windows of 100"],
  ],
  options: (yargs) => withPrecision(withEngineOptions(learningOptions(yargs))) as never,
  action: () => import('../actions/train.js'),
};

function learningOptions(yargs: Argv) {
  return yargs
    .positional('dataset', { type: 'string', demandOption: true, describe: 'Folder that "rondo prepare" made' })
    .option('out', { type: 'string', demandOption: true, requiresArg: true, describe: 'Folder of the run' })
    .option('preset', {
      choices: PRESET_NAMES,
      requiresArg: true,
      describe: 'Network and settings (default small, or the run’s own)',
    })
    .option('layers', { type: 'number', requiresArg: true, describe: 'LSTM layers, in place of the preset’s' })
    .option('units', { type: 'number', requiresArg: true, describe: 'Units of every LSTM layer' })
    .option('embedding', { type: 'number', requiresArg: true, describe: 'Width of the token vectors' })
    .option('input-dropout', { type: 'number', requiresArg: true, describe: 'Share dropped from the token vectors' })
    .option('dropout', { type: 'number', requiresArg: true, describe: 'Share dropped after each LSTM' })
    .option('recurrent-dropout', { type: 'number', requiresArg: true, describe: 'Share of the state dropped in LSTMs' })
    .option('batch-norm', { type: 'boolean', describe: 'Batch normalisation after each LSTM' })
    .option('tied', {
      type: 'boolean',
      describe: 'The output reads the table of token vectors, transposed, in place of weights of its own',
    })
    .option('label-smoothing', {
      type: 'number',
      requiresArg: true,
      describe: 'Share of the target that all tokens get evenly in training, e.g. 0.05',
    })
    .option('objective', {
      choices: ['all', 'last'] as const,
      describe: 'Predict every next token, or the one after a window',
    })
    .option('epochs', { type: 'number', requiresArg: true, describe: 'Passes over the data' })
    .option('batch', { type: 'number', requiresArg: true, describe: 'Rows trained together' })
    .option('sequence', { type: 'number', requiresArg: true, describe: 'Tokens of a window, or between two updates' })
    .option('lr', { type: 'number', requiresArg: true, describe: 'Learning rate' })
    .option('schedule', { choices: ['constant', 'cosine', 'linear'] as const, describe: 'How the learning rate falls' })
    .option('warmup-steps', { type: 'number', requiresArg: true, describe: 'Steps over which the learning rate rises' })
    .option('clip', { type: 'number', requiresArg: true, describe: 'Greatest norm of the gradient, 0 for none' })
    .option('optimizer', { choices: ['rmsprop', 'adam', 'adamw'] as const, describe: 'Optimiser with its defaults' })
    .option('averaging', {
      type: 'number',
      requiresArg: true,
      describe: 'Share that the average of the weights keeps an update, e.g. 0.998; it becomes the best model',
    })
    .option('patience', {
      type: 'number',
      requiresArg: true,
      describe: 'Evaluations without a better one before stopping, 0 for never',
    })
    .option('evaluate-every', {
      type: 'number',
      requiresArg: true,
      describe: 'Steps between evaluations inside an epoch',
    })
    .option('seed', { type: 'number', requiresArg: true, describe: 'Seed of weights, masks and order' })
    .option('max-minutes', { type: 'number', requiresArg: true, describe: 'Stop after so many minutes' })
    .option('max-steps', { type: 'number', requiresArg: true, describe: 'Stop after so many updates' })
    .option('save-every', {
      type: 'number',
      requiresArg: true,
      describe: 'Seconds between saves of the last state (default 120): what a crash can cost',
    })
    .option('tensorboard', {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for a log that TensorBoard shows: losses, accuracy, rate, gradient norm',
    })
    .option('resume', { type: 'boolean', default: false, describe: 'Go on with the run in --out' })
    .option('overwrite', { type: 'boolean', default: false, describe: 'Replace the run in --out' })
    .check(({ resume, overwrite }) => {
      if (resume && overwrite) throw new UsageError('give either --resume or --overwrite, not both');
      return true;
    });
}
