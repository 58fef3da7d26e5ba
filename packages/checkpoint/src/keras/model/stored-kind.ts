import type { StoredLayer } from '../archive/archive.js';
import { quoted } from '../errors.js';

/** What a layer must be, told by its arrays; `none` has no arrays, `activation` neither but a name that says it. */
export type StoredKind = 'lstm' | 'bidirectional' | 'batchNorm' | 'dense' | 'activation' | 'none' | 'unknown';

export function storedKind({ tensors, name, group }: StoredLayer): StoredKind {
  const shapes = tensors.map(({ shape }) => shape);
  if (shapes.length === 0)
    return [name, group].some((text) => /^(activation|re_?lu|softmax)/.test(text)) ? 'activation' : 'none';
  if (isLstm(shapes)) return 'lstm';
  const half = shapes.length / 2;
  if (shapes.length >= 4 && isLstm(shapes.slice(0, half)) && isLstm(shapes.slice(half))) return 'bidirectional';
  if (isBatchNorm(shapes)) return 'batchNorm';
  return isDense(shapes) ? 'dense' : 'unknown';
}

/** Kernel (in, 4H), recurrent kernel (H, 4H), bias (4H), or (8H) in the layers for cuDNN. */
function isLstm([kernel, recurrent, bias, ...rest]: number[][]): boolean {
  if (rest.length > 0 || kernel?.length !== 2 || recurrent?.length !== 2) return false;
  const [units, gates] = recurrent;
  if (gates !== 4 * units || kernel[1] !== gates) return false;
  return bias === undefined || (bias.length === 1 && (bias[0] === gates || bias[0] === 2 * gates));
}

function isBatchNorm(shapes: number[][]): boolean {
  return shapes.length === 4 && shapes.every((shape) => shape.length === 1 && shape[0] === shapes[0][0]);
}

function isDense([kernel, bias, ...rest]: number[][]): boolean {
  if (rest.length > 0 || kernel.length !== 2) return false;
  return bias === undefined || (bias.length === 1 && bias[0] === kernel[1]);
}

/** A layer in the words of an error message. */
export function describeStored({ name, tensors }: StoredLayer): string {
  const shapes = tensors.slice(0, 6).map(({ shape }) => `(${shape.join(', ')})`);
  return `${quoted(name)} with arrays of ${shapes.join(', ')}${tensors.length > 6 ? ', …' : ''}`;
}

const NAMES: Partial<Record<StoredKind, string>> = {
  lstm: 'LSTM',
  bidirectional: 'Bidirectional(LSTM)',
  batchNorm: 'BatchNormalization',
  dense: 'Dense',
};

/** "3 LSTM, 2 Dense" */
export function countKinds(kinds: readonly StoredKind[]): string {
  const counts = Object.entries(NAMES).map(([kind, name]) => ({
    name,
    count: kinds.filter((one) => one === kind).length,
  }));
  const list = counts.filter(({ count }) => count > 0).map(({ name, count }) => `${count} ${name}`);
  return list.join(', ') || 'no layers';
}
