import type { Activation, LayerSpec, LstmSpec } from '@rondo/core-native';
import { isRecord } from '../archive/parse-json.js';
import { quoted, unsupported } from '../errors.js';
import { type ConfigLayer, parseLayer } from './config-layers.js';
import { ALL_KEPT, type Kept } from './plan.js';
import { hasNewHardSigmoid, recurrentMasks } from './version.js';

/** A layer of the description in Rondo's terms. */
export interface ReadLayer {
  spec: LayerSpec;
  kept: Kept;
  /** Share of an LSTM's inputs that is dropped while training. */
  inputDropout?: number;
}

const ACTIVATIONS = new Set<string>(['linear', 'relu', 'tanh', 'sigmoid', 'softmax'] satisfies Activation[]);

/**
 * Understands one layer. @throws KerasError `RONDO_KERAS_ARCHITECTURE` for all that Rondo does not have
 * @param version of Keras, which decides what some names mean
 */
export function readLayer(layer: ConfigLayer, version: string | undefined): ReadLayer {
  const reader = READERS[layer.className];
  if (reader === undefined || !Object.hasOwn(READERS, layer.className))
    throw unsupported(`the layer ${quoted(layer.name)} is of class ${quoted(layer.className)}`);
  return reader(layer, version);
}

const READERS: Record<string, (layer: ConfigLayer, version: string | undefined) => ReadLayer> = {
  LSTM: readLstm,
  CuDNNLSTM: readLstm,
  Bidirectional: readBidirectional,
  Dropout: (layer) => plain({ kind: 'dropout', rate: share(layer, 'rate'), mode: dropoutMode(layer) }),
  BatchNormalization: readBatchNorm,
  Dense: (layer) => ({
    spec: { kind: 'dense', units: units(layer), activation: activation(layer, layer.config.activation ?? 'linear') },
    kept: { ...ALL_KEPT, bias: layer.config.use_bias !== false },
  }),
  Activation: (layer) => plain({ kind: 'activation', activation: activation(layer, layer.config.activation) }),
  ReLU: (layer) => {
    demand(layer, 'max_value', [null]);
    demand(layer, 'negative_slope', [0, null]);
    demand(layer, 'threshold', [0, null]);
    return plain({ kind: 'activation', activation: 'relu' });
  },
  Softmax: (layer) => {
    demand(layer, 'axis', [-1]);
    return plain({ kind: 'activation', activation: 'softmax' });
  },
};

function plain(spec: LayerSpec): ReadLayer {
  return { spec, kept: ALL_KEPT };
}

function readLstm(layer: ConfigLayer, version: string | undefined): ReadLayer & { spec: LstmSpec } {
  const { config } = layer;
  demand(layer, 'activation', ['tanh']);
  for (const flag of ['go_backwards', 'return_state', 'time_major']) demand(layer, flag, [false, null]);
  const spec: LstmSpec = {
    kind: 'lstm',
    units: units(layer),
    recurrentDropout: share(layer, 'recurrent_dropout'),
    recurrentDropoutMode: recurrentMasks(version, config.implementation),
    returnSequences: config.return_sequences === true,
    gateActivation: gates(layer, version),
  };
  const inputDropout = share(layer, 'dropout');
  return { spec, kept: { ...ALL_KEPT, bias: config.use_bias !== false }, inputDropout };
}

function gates(layer: ConfigLayer, version: string | undefined): 'sigmoid' | 'hardSigmoid' {
  const name = nameOf(layer.config.recurrent_activation ?? 'sigmoid');
  if (name === 'sigmoid') return 'sigmoid';
  if (name === 'hard_sigmoid' && !hasNewHardSigmoid(version)) return 'hardSigmoid';
  const which = name === 'hard_sigmoid' ? 'the hard_sigmoid of Keras 3, clip(x/6 + 1/2)' : quoted(name);
  throw unsupported(`the gates of ${quoted(layer.name)} are ${which}, not sigmoid or Keras 2's hard_sigmoid`);
}

function readBidirectional(layer: ConfigLayer, version: string | undefined): ReadLayer {
  demand(layer, 'merge_mode', ['concat']);
  const inner = lstmInside(layer, layer.config.layer, version);
  if (layer.config.backward_layer !== undefined && layer.config.backward_layer !== null) {
    const backward = parseLayer(layer.config.backward_layer);
    const same = { ...backward, config: { ...backward.config, go_backwards: false } };
    const other = lstmInside(layer, { class_name: same.className, config: same.config }, version);
    if (JSON.stringify(inner) !== JSON.stringify(other))
      throw unsupported(`the two directions of ${quoted(layer.name)} are not alike`);
  }
  return { ...inner, spec: { ...inner.spec, bidirectional: true } };
}

function lstmInside(wrapper: ConfigLayer, value: unknown, version: string | undefined) {
  const inner = parseLayer(value);
  if (inner.className !== 'LSTM' && inner.className !== 'CuDNNLSTM')
    throw unsupported(`the layer ${quoted(wrapper.name)} reads both ways with ${quoted(inner.className)}`);
  return readLstm({ ...inner, name: wrapper.name }, version);
}

function readBatchNorm(layer: ConfigLayer): ReadLayer {
  const { axis, momentum = 0.99, epsilon = 1e-3, scale, center } = layer.config;
  const last = Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : axis;
  if (last !== undefined && last !== -1 && last !== 1 && last !== 2)
    throw unsupported(`${quoted(layer.name)} normalises the axis ${quoted(axis)}, not the features`);
  demand(layer, 'renorm', [false, null]);
  if (typeof momentum !== 'number' || !(momentum >= 0 && momentum < 1) || typeof epsilon !== 'number' || !(epsilon > 0))
    throw unsupported(`${quoted(layer.name)} has the momentum ${quoted(momentum)} and the epsilon ${quoted(epsilon)}`);
  const kept = { ...ALL_KEPT, scale: scale !== false, center: center !== false };
  return { spec: { kind: 'batchNorm', momentum, epsilon }, kept };
}

/** `noise_shape` (batch, 1, features) keeps the mask over time. */
function dropoutMode(layer: ConfigLayer): 'perStep' | 'perSequence' {
  const shape = layer.config.noise_shape;
  if (shape === undefined || shape === null) return 'perStep';
  if (Array.isArray(shape) && shape.length === 3 && shape[1] === 1) return 'perSequence';
  throw unsupported(`${quoted(layer.name)} drops with the noise shape ${quoted(shape)}`);
}

function activation(layer: ConfigLayer, value: unknown): Activation {
  const name = nameOf(value);
  if (ACTIVATIONS.has(name)) return name as Activation;
  throw unsupported(`the activation of ${quoted(layer.name)} is ${quoted(name)}, not ${[...ACTIVATIONS].join(', ')}`);
}

/** Keras 3 may write a function as an object with its name in it. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const inner = isRecord(value) ? value.config : undefined;
  if (typeof inner === 'string') return inner;
  return value === null ? 'linear' : (JSON.stringify(value) ?? 'nothing');
}

function units(layer: ConfigLayer): number {
  const value = layer.config.units ?? layer.config.output_dim;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw unsupported(`${quoted(layer.name)} has ${quoted(value)} units`);
}

function share(layer: ConfigLayer, key: string): number {
  const value = layer.config[key] ?? 0;
  if (typeof value === 'number' && value >= 0 && value < 1) return value;
  throw unsupported(`${quoted(layer.name)} has the ${key} ${quoted(value)}`);
}

/** An option that Rondo knows with these values only; absent is as Keras' default. */
function demand(layer: ConfigLayer, key: string, values: readonly unknown[]): void {
  const value = layer.config[key];
  if (value === undefined || values.includes(value)) return;
  throw unsupported(`${quoted(layer.name)} has ${key} = ${quoted(value)}`);
}
