import type { DenseSpec, LayerSpec, LstmSpec } from '@rondo/core-native';

/** Which arrays Keras keeps for a layer; those it does without are filled in. */
export interface Kept {
  /** LSTM and Dense: a bias. */
  bias: boolean;
  /** BatchNormalization: gamma and beta. */
  scale: boolean;
  center: boolean;
}

export const ALL_KEPT: Kept = { bias: true, scale: true, center: true };

/** A layer of the network to be, with the arrays that belong to it. */
export interface PlannedLayer {
  spec: LayerSpec;
  /** How messages call it. */
  label: string;
  kept: Kept;
  /** Index in the archive's layers; undefined for layers without arrays. */
  stored?: number;
}

/** A network whose sizes are those of the file. */
export interface Plan {
  layers: PlannedLayer[];
  /** The last dense layer, whose softmax is the prediction. */
  head: PlannedLayer & { spec: DenseSpec };
  /** Time steps of the input that the file names. */
  window?: number;
  /** What the user should know. */
  notes: string[];
}

export function isLstm(layer: LayerSpec): layer is LstmSpec {
  return layer.kind === 'lstm';
}

/** Layers with arrays of their own. */
export function hasArrays({ kind }: LayerSpec): boolean {
  return kind === 'lstm' || kind === 'batchNorm' || kind === 'dense';
}
