import type { SplitName } from '@rondo/tokenizer/node';
import type { Command } from '../command.js';
import { withEngineOptions, type EngineOptions } from '../options/engine-options.js';
import { withWeightPrecision, type PrecisionOption } from '../options/weight-precision.js';

export interface EvaluateOptions extends EngineOptions, PrecisionOption {
  model: string;
  data: string[];
  split?: SplitName;
  noteAccuracy: boolean;
  against?: string;
  html?: string;
}

/** `rondo evaluate`: how likely a model finds a dataset's split, or MIDI files. */
export const evaluateCommand: Command<EvaluateOptions> = {
  usage: 'evaluate <model> <data..>',
  summary: 'Likelihood of a dataset or of MIDI files under a model',
  examples: [
    ['$0 evaluate run data --split valid', 'a split of a dataset'],
    ['$0 evaluate run pieces/*.mid --json', 'MIDI files, with the figure of each'],
    ['$0 evaluate run data --against new --html new.html', 'generated pieces beside training and held-out ones'],
  ],
  options: (yargs) =>
    withWeightPrecision(
      withEngineOptions(
        yargs
          .positional('model', { type: 'string', demandOption: true, describe: 'Model bundle, or a run (its best)' })
          .positional('data', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'A dataset, or MIDI files, folders, patterns, .zip and .tar.gz',
          })
          .option('split', {
            choices: ['train', 'valid', 'test'] as const,
            requiresArg: true,
            describe: 'Which split of a dataset (default test)',
          })
          .option('note-accuracy', {
            type: 'boolean',
            default: false,
            describe: 'Also how often the likeliest token is the right one where pitches are said (a second pass)',
          })
          .option('against', {
            type: 'string',
            requiresArg: true,
            describe: 'Folder of generated MIDI files: their metrics, loops and copies beside those of real pieces',
          })
          .option('html', { type: 'string', requiresArg: true, describe: 'With --against: a page with pictures' }),
      ),
      'Weights as trained, or rounded as "generate --precision" reads them',
    ) as never,
  action: () => import('../actions/evaluate.js'),
};
