import type { Command } from '../command.js';
import { withEngineOptions, type EngineOptions } from '../options/engine-options.js';

export interface ImportKerasOptions extends EngineOptions {
  weights: string;
  notes: string;
  out: string;
  gate?: 'sigmoid' | 'hard-sigmoid';
  sequence?: number;
  like?: string;
}

/** `rondo import-keras`: a trained Keras network and its notes → a model bundle. */
export const importKerasCommand: Command<ImportKerasOptions> = {
  usage: 'import-keras <weights>',
  summary: 'Turn a Keras network of the tutorial family into a model',
  examples: [
    ['$0 import-keras weights.hdf5 --notes notes.pickle --out model', "the tutorial's checkpoint and its notes"],
    ['$0 import-keras net.weights.h5 --notes notes.json --like tutorial-fig7 --out model', 'weights without a network'],
    ['$0 generate model --argmax --out new.mid', 'then: music, the likeliest token each time'],
  ],
  options: (yargs) =>
    withEngineOptions(
      yargs
        .positional('weights', {
          type: 'string',
          demandOption: true,
          describe: '.h5, .hdf5, .weights.h5 or .keras file',
        })
        .option('notes', {
          type: 'string',
          demandOption: true,
          requiresArg: true,
          describe: 'The notes it was trained on, or their vocabulary: JSON or Python pickle (never executed)',
        })
        .option('out', { type: 'string', demandOption: true, requiresArg: true, describe: 'Folder of the model' })
        .option('gate', {
          choices: ['sigmoid', 'hard-sigmoid'] as const,
          requiresArg: true,
          describe: 'Gates of the LSTMs where the file does not say them',
        })
        .option('sequence', {
          type: 'number',
          requiresArg: true,
          describe: 'Tokens of a window (default: what the file says, else 100)',
        })
        .option('like', {
          type: 'string',
          requiresArg: true,
          describe: 'What a file of weights only is: a preset, or a JSON file with a network spec',
        }),
    ) as never,
  action: () => import('../actions/import-keras.js'),
};
