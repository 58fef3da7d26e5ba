import type { NetworkSpec } from '@rondo/core-native';
import { UsageError } from '../errors.js';
import type { Objective } from '../presets/settings.js';
import type { BatchPlan, PlanOptions, TokenNames } from './epoch.js';
import type { PieceSource } from './piece-source.js';
import { planStreams } from './stream-batches.js';
import { planWindows } from './window-batches.js';

/** How an objective turns pieces into batches. */
export function planBatches(objective: Objective, source: PieceSource, options: PlanOptions): BatchPlan {
  return objective === 'all' ? planStreams(source, options) : planWindows(source, options);
}

/**
 * The one id input and the one softmax head of a network over a stream of tokens.
 * @throws UsageError for networks that need more than ids, or predict anything else
 */
export function tokenNames(spec: NetworkSpec): TokenNames {
  const [input] = spec.inputs;
  const [head] = spec.heads;
  if (spec.inputs.length !== 1 || spec.heads.length !== 1 || input?.kind === 'dense' || head?.kind !== 'softmax') {
    throw new UsageError(
      'Expected a network with one input of token ids and one softmax head, received ' +
        `inputs ${spec.inputs.map(({ kind }) => kind).join(', ')} and heads ${spec.heads.map(({ kind }) => kind).join(', ')}`,
    );
  }
  return { input: (input as { name: string }).name, head: head.name };
}
