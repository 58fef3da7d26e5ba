import { loadBundle } from '@rondo/checkpoint';
import { predictNext } from '@rondo/trainer';
import type { Command } from '../command.js';
import { readIdRows } from '../models/read-ids.js';
import { engineOf, withEngineOptions, type EngineOptions } from '../options/engine-options.js';

interface PredictOptions extends EngineOptions {
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
  async run({ model, ids, ...engine }, { output }) {
    const rows = readIdRows(ids);
    const bundle = await loadBundle(model, engineOf(engine, output));
    try {
      const probabilities = (await predictNext(bundle, rows)).map((row) => Array.from(row));
      output.result({ probabilities }, () =>
        probabilities
          .map((row, index) => describeRow(index, row, (id) => bundle.tokenizer.vocabulary.token(id)))
          .join('\n'),
      );
    } finally {
      bundle.network.dispose();
    }
  },
};

/** The five likeliest next tokens of one row. */
function describeRow(index: number, row: number[], name: (id: number) => string): string {
  const best = row
    .map((probability, id) => ({ probability, id }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 5)
    .map(({ probability, id }) => `${name(id)} ${(100 * probability).toFixed(1)} %`);
  return `row ${index + 1}: ${best.join(', ')}`;
}
