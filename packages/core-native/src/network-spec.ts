/** What a dense layer or an activation layer applies to its output; softmax runs over the features. */
export type Activation = 'linear' | 'relu' | 'tanh' | 'sigmoid' | 'softmax';

/** A named input. Several inputs are concatenated on the feature axis, in order. T time, B batch. */
export type InputSpec =
  /** ids [T][B] → rows of a trained table, `units` features. */
  | { kind: 'embedding'; name: string; vocabulary: number; units: number }
  /** ids [T][B] → id / vocabulary, one feature. */
  | { kind: 'scalar'; name: string; vocabulary: number }
  /** ids [T][B] → `vocabulary` features, one of them 1. */
  | { kind: 'oneHot'; name: string; vocabulary: number }
  /** floats [T][B][units], as they are. */
  | { kind: 'dense'; name: string; units: number };

/** A layer of LSTM cells: features I → units, or 2 · units where it is bidirectional. */
export interface LstmSpec {
  kind: 'lstm';
  /** Hidden units of one direction. */
  units: number;
  /** A second set of weights reads backwards; outputs are concatenated (2 × units). Default false. */
  bidirectional?: boolean;
  /** Share of h that is dropped, 0 … <1; the mask is constant over time. Default 0. */
  recurrentDropout?: number;
  /** One mask per gate (Keras ≥ 3.8) or one for all gates (older Keras). Default perGate. */
  recurrentDropoutMode?: 'perGate' | 'shared';
  /** All time steps, or (false) only the last valid one. Default true. */
  returnSequences?: boolean;
  /** hardSigmoid is what Keras ≤ 2.2.4 used. Default sigmoid. */
  gateActivation?: 'sigmoid' | 'hardSigmoid';
}

/** Batch normalisation over the feature axis; at inference by its moving statistics. */
export interface BatchNormSpec {
  kind: 'batchNorm';
  /** Share of the old moving statistics that is kept per step. Default 0.99. */
  momentum?: number;
  /** Added to the variance. Default 1e-3. */
  epsilon?: number;
}

/** Dropout while training; nothing at inference. */
export interface DropoutSpec {
  kind: 'dropout';
  /** Share of features that is dropped, 0 … <1; the others are scaled by 1 / (1 − rate). */
  rate: number;
  /** A fresh mask per time step, or one mask per row, constant over time. Default perStep. */
  mode?: 'perStep' | 'perSequence';
}

/** y = activation(x W + b) at every step. */
export interface DenseSpec {
  kind: 'dense';
  units: number;
  /** Default linear. */
  activation?: Activation;
}

/** An activation by itself. */
export interface ActivationSpec {
  kind: 'activation';
  activation: Activation;
}

/** One layer; they are applied in their order. */
export type LayerSpec = LstmSpec | BatchNormSpec | DropoutSpec | DenseSpec | ActivationSpec;

/** Cross-entropy from logits, in nats. */
export interface SoftmaxHeadSpec {
  kind: 'softmax';
  name: string;
  vocabulary: number;
  /** Multiplies its loss. Default 1. */
  weight?: number;
  /**
   * Label smoothing, in training alone: the target is (1 − smoothing) on the right id and smoothing / vocabulary on every
   * id, 0 … <1. The loss of a training step is then that against this target, above the likelihood's; `evaluate` gives
   * the plain negative log-likelihood. Default 0.
   */
  smoothing?: number;
  /**
   * Name of an embedding input over the same vocabulary whose table, transposed, is this head's kernel: one parameter
   * for both, under the input's name, and a bias of the head's own. What stands before the head must be as wide as the
   * table. Default: a kernel of its own.
   */
  tied?: string;
}

/** Mean squared error over `units` values. */
export interface RegressionHeadSpec {
  kind: 'regression';
  name: string;
  units: number;
  /** Multiplies its loss. Default 1. */
  weight?: number;
}

/** A dense layer from the trunk's output together with its loss; losses and gradients of heads add up. */
export type HeadSpec = SoftmaxHeadSpec | RegressionHeadSpec;

/** A network as plain JSON. */
export interface NetworkSpec {
  inputs: InputSpec[];
  layers: LayerSpec[];
  heads: HeadSpec[];
}

/** A layer with every default filled in. */
export type ResolvedLayerSpec =
  | Required<LstmSpec>
  | Required<BatchNormSpec>
  | Required<DropoutSpec>
  | Required<DenseSpec>
  | ActivationSpec;

/** A head with every default filled in. */
export type ResolvedHeadSpec =
  | (Required<Omit<SoftmaxHeadSpec, 'tied'>> & Pick<SoftmaxHeadSpec, 'tied'>)
  | Required<RegressionHeadSpec>;

/** A spec with every default filled in: what the engine is built from, and what a bundle should keep. */
export interface ResolvedNetworkSpec extends NetworkSpec {
  inputs: InputSpec[];
  layers: ResolvedLayerSpec[];
  heads: ResolvedHeadSpec[];
}

/** Features of what the heads read. */
export function trunkWidth({ inputs, layers }: NetworkSpec): number {
  const ofInput = (input: InputSpec) =>
    input.kind === 'scalar' ? 1 : input.kind === 'oneHot' ? input.vocabulary : input.units;
  const last = layers.findLast((layer) => layer.kind === 'lstm' || layer.kind === 'dense');
  if (last === undefined) return inputs.reduce((sum, input) => sum + ofInput(input), 0);
  return last.kind === 'lstm' && last.bidirectional === true ? 2 * last.units : last.units;
}

/** True when the network's output has one value per time step, false when only the last step comes out. */
export function returnsSequences(spec: ResolvedNetworkSpec): boolean {
  return spec.layers.every((layer) => layer.kind !== 'lstm' || layer.returnSequences);
}

/** True when an input takes ids (Int32Array) rather than floats (Float32Array). */
export function takesIds(input: InputSpec): input is Exclude<InputSpec, { kind: 'dense' }> {
  return input.kind !== 'dense';
}
