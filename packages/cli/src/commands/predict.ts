import type { Command } from '../command.js';
import { withEngineOptions, type EngineOptions } from '../options/engine-options.js';

export interface PredictOptions extends EngineOptions {
  model: string;
  ids: string;
}

/** `rondo predict`: the distribution of the next token after each row of ids. */
export const predictCommand: Command<PredictOptions> = {
  usage: 'predict <model>',
  summary: 'Probabilities of the next token for rows of token ids',
  examples: [['$0 predict run --ids rows.json --json', 'rows.json holds [[12, 7, 33], …]']],
  options: (yargs) =>
    withEngineOptions(
      yargs
        .positional('model', { type: 'string', demandOption: true, describe: 'Model bundle, or a run (its best)' })
        .option('ids', {
          type: 'string',
          demandOption: true,
          requiresArg: true,
          describe: 'JSON file with rows of ids',
        }),
    ),
  action: () => import('../actions/predict.js'),
};
