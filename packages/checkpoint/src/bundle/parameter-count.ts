import type { NetworkSpec } from '@rondo/core-native';

/**
 * Values that a network of this spec has, moving statistics included: enough to tell a config that does not belong to
 * its weights before the engine allocates anything for it.
 */
export function countParameters(spec: NetworkSpec): number {
  let count = 0;
  let width = 0;
  for (const input of spec.inputs) {
    if (input.kind === 'embedding') count += input.vocabulary * input.units;
    if (input.kind === 'scalar') width += 1;
    else width += input.kind === 'oneHot' ? input.vocabulary : input.units;
  }
  for (const layer of spec.layers) {
    if (layer.kind === 'lstm') {
      const directions = layer.bidirectional ? 2 : 1;
      count += directions * 4 * layer.units * (width + layer.units + 1);
      width = directions * layer.units;
    } else if (layer.kind === 'batchNorm') {
      count += 4 * width;
    } else if (layer.kind === 'dense') {
      count += layer.units * (width + 1);
      width = layer.units;
    }
  }
  for (const head of spec.heads) {
    const outputs = head.kind === 'softmax' ? head.vocabulary : head.units;
    const tied = head.kind === 'softmax' && head.tied !== undefined;
    count += outputs * (tied ? 1 : width + 1);
  }
  return count;
}
