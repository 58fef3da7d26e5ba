import type { LayerSpec, NetworkSpec } from '@rondo/core-native';
import { UsageError } from '../errors.js';
import type { Objective } from './settings.js';

/**
 * The spec with `returnSequences` set as the objective needs it: every LSTM gives its whole sequence, except that for
 * `last` the topmost one gives its last step only.
 * @throws UsageError for `all` with a bidirectional layer, which would see the tokens that it is to predict
 */
export function adaptToObjective(spec: NetworkSpec, objective: Objective): NetworkSpec {
  if (objective === 'all' && spec.layers.some((layer) => layer.kind === 'lstm' && layer.bidirectional === true)) {
    throw new UsageError(
      'A bidirectional network reads the tokens that objective "all" asks it to predict; use objective "last" or a network of one direction',
    );
  }
  const top = spec.layers.findLastIndex((layer) => layer.kind === 'lstm');
  const layers = spec.layers.map((layer, index): LayerSpec => {
    if (layer.kind !== 'lstm') return layer;
    return { ...layer, returnSequences: objective === 'all' || index < top };
  });
  return { ...spec, layers };
}
