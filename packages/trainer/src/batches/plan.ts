import { type NetworkSpec, takesIds } from '@rondo/core-native';
import { historyFeed, type Tokenizer } from '@rondo/tokenizer';
import { UsageError } from '../errors.js';
import type { Objective } from '../presets/settings.js';
import type { BatchPlan, PlanOptions, TokenNames } from './epoch.js';
import type { PieceSource } from './piece-source.js';
import { planStreams } from './stream-batches.js';
import { planWindows } from './window-batches.js';

/** How an objective turns pieces into batches. */
export function planBatches(objective: Objective, source: PieceSource, options: PlanOptions): BatchPlan {
  if (objective === 'all') return planStreams(source, options);
  if (options.names.history === undefined) return planWindows(source, options);
  throw new UsageError('A network that is told of the tokens before is trained with objective "all"');
}

/**
 * The id input and the one softmax head of a network over a stream of tokens. Its further inputs, where it has some, are
 * called as `historyInputs` of the tokenizer calls them and are fed from the tokens so far.
 * @throws UsageError for networks that need more than ids, or predict anything else
 */
export function tokenNames(spec: NetworkSpec, tokenizer?: Tokenizer): TokenNames {
  const [input, ...others] = spec.inputs;
  const [head] = spec.heads;
  const told = others.filter(takesIds);
  const history = tokenizer === undefined ? undefined : historyFeed(tokenizer, told);
  const fed = others.length === 0 || (told.length === others.length && history !== undefined);
  if (!fed || spec.heads.length !== 1 || input === undefined || !takesIds(input) || head?.kind !== 'softmax') {
    throw new UsageError(
      'Expected a network with one input of token ids (and, for the schemes grid and performance, inputs of its history) and one softmax head, received ' +
        `inputs ${spec.inputs.map(({ kind, name }) => `${name} (${kind})`).join(', ')} and heads ${spec.heads.map(({ kind }) => kind).join(', ')}`,
    );
  }
  const names = { input: input.name, head: head.name };
  return history === undefined || others.length === 0 ? names : { ...names, history };
}
