import type { ResultEvent, TuneEvent } from '@rondo/trainer';
import { formatCount } from './format.js';
import type { Output } from './output.js';
import { type Progress, startProgress } from './progress.js';

/** Tenths of a pass over the data: the bar moves inside of passes too. */
const tenths = (epochs: number) => Math.round(10 * epochs) / 10;

/** Shows a search while it runs: a bar over the training of all trials, and a line per result. */
export function tuningReporter(output: Output): { onEvent(event: TuneEvent): void; stop(): void } {
  let progress: Progress | undefined;
  let epochs = 1;
  return {
    onEvent(event) {
      if (event.type === 'study') {
        ({ epochs } = event);
        const { trials, epochs: passes } = event.plan;
        const rungs = trials.map((count, rung) => `${count} × ${Number((passes[rung] as number).toFixed(2))}`);
        output.note(`trials × passes over the data: ${rungs.join(' → ')}`);
        progress = startProgress(output, 'search', 'passes over the data');
        progress.update(tenths(event.epochsDone), tenths(epochs));
      } else if (event.type === 'training' && event.event.type === 'step') {
        const detail = `trial ${event.trial.trial} · loss ${event.event.loss.toFixed(3)}`;
        progress?.update(tenths(event.epochsDone), tenths(epochs), detail);
      } else if (event.type === 'result') progress?.line(describeResult(event));
    },
    stop: () => progress?.stop(),
  };
}

function describeResult({ trial, result, best }: ResultEvent): string {
  const { layers, units, dropout, sequence, batch, learningRate } = trial.point;
  const settings = `${layers} × ${units}, dropout ${dropout}, ${batch} × ${sequence} tokens, rate ${learningRate}`;
  if (result === undefined) return `trial ${trial.trial} (${settings}) failed: ${trial.failure}`;
  const after = `${Number(result.epochs.toFixed(2))} epochs, ${formatCount(trial.parameters)} parameters`;
  return `trial ${trial.trial} (${settings}): held-out ${result.validLoss.toFixed(3)} after ${after}${best ? ' *' : ''}`;
}
