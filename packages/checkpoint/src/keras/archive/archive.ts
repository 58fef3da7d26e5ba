import type { KerasTensor } from '../hdf5/tree.js';

export type KerasFormat = 'h5 model' | 'h5 weights' | 'weights.h5' | 'keras';

/** A layer's arrays in the order in which Keras lists them. */
export interface StoredLayer {
  /** Name of the layer, where the file says it; else of its group. */
  name: string;
  /** Name of the group that holds it. */
  group: string;
  tensors: KerasTensor[];
}

/** A Keras file, whatever its format. */
export interface KerasArchive {
  format: KerasFormat;
  /** Version of Keras that wrote it, where the file says so. */
  kerasVersion?: string;
  backend?: string;
  /** The network's description as parsed JSON; absent in files of weights only. */
  config?: unknown;
  /** How the model was compiled, as parsed JSON. */
  training?: unknown;
  /** Whether `layers` stand in the order of the network. */
  ordered: boolean;
  layers: StoredLayer[];
}
