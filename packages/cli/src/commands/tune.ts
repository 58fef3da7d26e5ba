import type { Argv } from 'yargs';
import type { Command } from '../command.js';
import { type EngineOptions, withEngineOptions } from '../options/engine-options.js';
import { TUNE_DEFAULTS } from '../options/library-names.js';
import { requireNumber } from '../options/ranges.js';

export interface TuneCommandOptions extends EngineOptions {
  dataset: string;
  out: string;
  trials: number;
  epochs: number;
  reduction: number;
  space?: string;
  objective: 'all' | 'last';
  seed: number;
  maxMinutes?: number;
  resume: boolean;
  overwrite: boolean;
}

/** `rondo tune`: a dataset → the settings that learn it best, and a model trained with them. */
export const tuneCommand: Command<TuneCommandOptions> = {
  usage: 'tune <dataset>',
  summary: 'Search for settings that learn a dataset well',
  examples: [
    ['$0 tune data --out study', 'try 27 settings, train the best ones longer and longer'],
    ['$0 tune data --out study --trials 60 --epochs 20 --max-minutes 30', 'a longer search, half an hour of it now'],
    ['$0 tune data --out study --trials 60 --epochs 20 --resume', 'and the rest'],
    ['$0 tune data --out study --space space.yaml', 'with lines such as "units: [256, 512]" or "layers: 2"'],
    ['$0 generate study --out piece.mid', 'the best model of the search composes'],
  ],
  options: (yargs) => withEngineOptions(searchOptions(yargs)) as never,
  action: () => import('../actions/tune.js'),
};

function searchOptions(yargs: Argv) {
  return yargs
    .positional('dataset', { type: 'string', demandOption: true, describe: 'Folder that "rondo prepare" made' })
    .option('out', { type: 'string', demandOption: true, requiresArg: true, describe: 'Folder of the search' })
    .option('trials', { type: 'number', default: TUNE_DEFAULTS.trials, requiresArg: true, describe: 'Settings to try' })
    .option('epochs', {
      type: 'number',
      default: TUNE_DEFAULTS.epochs,
      requiresArg: true,
      describe: 'Passes over the data for the last one',
    })
    .option('reduction', {
      type: 'number',
      default: TUNE_DEFAULTS.reduction,
      requiresArg: true,
      describe: 'One of so many goes on, and trains so many times as long',
    })
    .option('space', {
      type: 'string',
      requiresArg: true,
      describe:
        'YAML or JSON: name: value, [values] or { from, to, log } for layers, units, embedding, inputDropout, dropout, recurrentDropout, tied, batchNorm (0 or 1), labelSmoothing, sequence, batch, learningRate',
    })
    .option('objective', {
      choices: ['all', 'last'] as const,
      default: TUNE_DEFAULTS.objective,
      describe: 'Predict every next token, or the one after a window',
    })
    .option('seed', {
      type: 'number',
      default: TUNE_DEFAULTS.seed,
      requiresArg: true,
      describe: 'Seed of the settings and the trainings',
    })
    .option('max-minutes', {
      type: 'number',
      requiresArg: true,
      describe: 'Stop after so many minutes; "--resume" goes on',
    })
    .option('resume', { type: 'boolean', default: false, describe: 'Go on with the search in --out' })
    .option('overwrite', { type: 'boolean', default: false, describe: 'Replace the search in --out' })
    .check(({ seed, maxMinutes }) => {
      requireNumber('seed', seed, { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true });
      requireNumber('max-minutes', maxMinutes as number | undefined, { min: 0.001, max: 1e6 });
      return true;
    });
}
