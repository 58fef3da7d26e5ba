import { loadBundle } from '@rondo/checkpoint';
import { predictNext } from '@rondo/trainer';
import type { CommandContext } from '../command.js';
import { readIdRows } from '../models/read-ids.js';
import { engineOf } from '../options/engine-options.js';
import { interruptible } from '../terminal/interruption.js';
import type { PredictOptions } from '../commands/predict.js';

/** `rondo predict`: the distribution of the next token after each row of ids. */
export async function run(
  { model, ids, ...engine }: PredictOptions,
  { output, signal }: CommandContext,
): Promise<void> {
  const rows = readIdRows(ids);
  const bundle = await loadBundle(model, engineOf(engine, output));
  try {
    const predicted = await interruptible(signal, 'stopped: not every row was predicted', () =>
      predictNext(bundle, rows, { signal }),
    );
    const probabilities = predicted.map((row) => Array.from(row));
    output.result({ probabilities }, () =>
      probabilities
        .map((row, index) => describeRow(index, row, (id) => bundle.tokenizer.vocabulary.token(id)))
        .join('\n'),
    );
  } finally {
    bundle.network.dispose();
  }
}

/** The five likeliest next tokens of one row. */
function describeRow(index: number, row: number[], name: (id: number) => string): string {
  const best = row
    .map((probability, id) => ({ probability, id }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 5)
    .map(({ probability, id }) => `${name(id)} ${(100 * probability).toFixed(1)} %`);
  return `row ${index + 1}: ${best.join(', ')}`;
}
