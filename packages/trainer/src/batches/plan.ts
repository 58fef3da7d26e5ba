import type { NetworkSpec } from '@rondo/core-native';
import { framePlaces, type Tokenizer } from '@rondo/tokenizer';
import { UsageError } from '../errors.js';
import { PLACE_NAME } from '../presets/networks.js';
import type { Objective } from '../presets/settings.js';
import type { BatchPlan, PlanOptions, TokenNames } from './epoch.js';
import type { PieceSource } from './piece-source.js';
import { planStreams } from './stream-batches.js';
import { planWindows } from './window-batches.js';

/** How an objective turns pieces into batches. */
export function planBatches(objective: Objective, source: PieceSource, options: PlanOptions): BatchPlan {
  if (objective === 'all') return planStreams(source, options);
  if (options.names.place === undefined) return planWindows(source, options);
  throw new UsageError('A network with an input of places is trained with objective "all"');
}

/**
 * The id input and the one softmax head of a network over a stream of tokens; its second input, where it has one, is called
 * `place` and takes the place in the frame, which the tokenizer must know.
 * @throws UsageError for networks that need more than ids, or predict anything else
 */
export function tokenNames(spec: NetworkSpec, tokenizer?: Tokenizer): TokenNames {
  const [input, second, ...others] = spec.inputs;
  const [head] = spec.heads;
  const rule = tokenizer === undefined ? undefined : framePlaces(tokenizer);
  const isPlace = second?.name === PLACE_NAME && second.kind === 'embedding' && second.vocabulary === rule?.size;
  if (
    others.length > 0 ||
    (second !== undefined && !isPlace) ||
    spec.heads.length !== 1 ||
    input?.kind === 'dense' ||
    head?.kind !== 'softmax'
  ) {
    throw new UsageError(
      'Expected a network with one input of token ids (and one of places, for the grid scheme) and one softmax head, received ' +
        `inputs ${spec.inputs.map(({ kind }) => kind).join(', ')} and heads ${spec.heads.map(({ kind }) => kind).join(', ')}`,
    );
  }
  const names = { input: (input as { name: string }).name, head: head.name };
  return rule !== undefined && isPlace ? { ...names, place: { name: PLACE_NAME, rule } } : names;
}
