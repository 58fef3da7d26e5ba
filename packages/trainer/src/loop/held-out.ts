import { scoredTokens, scorePieces, type Scores } from '../evaluation/score.js';
import type { TrainEvent } from './events.js';
import type { Session } from './session.js';

/**
 * Scores the held-out pieces with the network as it is, or with the average of its weights where there is one. Undefined where there are none; 'stopped' when the signal
 * stopped it.
 */
export async function scoreHeldOut(
  { valid, settings, names, bundle, average }: Session,
  signal: AbortSignal | undefined,
  emit: (event: TrainEvent) => void,
): Promise<Scores | undefined | 'stopped'> {
  if (valid === undefined) return undefined;
  const { objective, sequence, batch } = settings;
  const from = objective === 'last' ? sequence : 1;
  const total = scoredTokens(valid, from);
  const score = () =>
    scorePieces(bundle.network, valid, {
      ...{ objective, names, sequence, batch, from },
      ...(signal && { signal }),
      onProgress: (done) => emit({ type: 'evaluating', done, total }),
    });
  const scores = await (average === undefined ? score() : average.lend(bundle.network, score));
  return scores ?? 'stopped';
}
