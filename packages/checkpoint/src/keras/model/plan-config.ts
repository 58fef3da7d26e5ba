import type { DenseSpec } from '@rondo/core-native';
import type { KerasArchive } from '../archive/archive.js';
import { quoted, unsupported } from '../errors.js';
import { type ConfigLayer, type ConfigNetwork, readConfigLayers } from './config-layers.js';
import { hasArrays, isLstm, type Plan, type PlannedLayer } from './plan.js';
import { readLayer } from './read-layer.js';

/** The plan of a network that its file describes. @throws KerasError `RONDO_KERAS_ARCHITECTURE`, `RONDO_KERAS_WEIGHTS` */
export function planFromConfig(archive: KerasArchive): Plan {
  const network = readConfigLayers(archive.config);
  const window = inputWindow(network.chain);
  const notes: string[] = [];
  const layers: PlannedLayer[] = [];
  for (const layer of network.chain) {
    if (layer.className === 'InputLayer') continue;
    const { spec, kept, inputDropout = 0 } = readLayer(layer, archive.kerasVersion);
    if (inputDropout > 0) {
      notes.push(`${layer.name}: dropout of ${inputDropout} on the inputs has one mask for all gates here`);
      const drop = { kind: 'dropout', rate: inputDropout, mode: 'perSequence' } as const;
      layers.push({ spec: drop, label: `${layer.name} (input dropout)`, kept });
    }
    const stored = hasArrays(spec) ? findStored(archive, network, layer) : undefined;
    layers.push({ spec, label: layer.name, kept, ...(stored === undefined ? {} : { stored }) });
  }
  requireSequences(layers);
  return { ...splitHead(layers), ...(window === undefined ? {} : { window }), notes };
}

/** Steps of the first input shape in the chain; the network must read one number per step. */
function inputWindow(chain: readonly ConfigLayer[]): number | undefined {
  for (const { config } of chain.slice(0, 2)) {
    const shape = config.batch_shape ?? config.batch_input_shape;
    if (!Array.isArray(shape)) continue;
    const [, steps, features] = shape as unknown[];
    if (shape.length !== 3 || features !== 1)
      throw unsupported(`its input has the shape ${quoted(shape)}, not (batch, window, 1) with id / vocabulary`);
    if (steps === null) return undefined;
    if (Number.isInteger(steps) && (steps as number) >= 1) return steps as number;
    throw unsupported(`its window has the length ${quoted(steps)}`);
  }
  return undefined;
}

function findStored(archive: KerasArchive, { listed }: ConfigNetwork, layer: ConfigLayer): number {
  const byName = archive.layers.findIndex(({ name }) => name === layer.name);
  if (byName >= 0) return byName;
  // A `.weights.h5` of an early Keras 3 knows layers by class and number alone.
  const same = listed.filter(({ className }) => className === layer.className);
  const number = same.indexOf(layer);
  const group = `${snakeCase(layer.className)}${number === 0 ? '' : `_${number}`}`;
  const byGroup = archive.ordered ? -1 : archive.layers.findIndex((stored) => stored.group === group);
  if (byGroup >= 0) return byGroup;
  throw unsupported(`the file holds no weights of the layer ${quoted(layer.name)}`);
}

/** As Keras names groups: BatchNormalization → batch_normalization, LSTM → lstm. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function requireSequences(layers: readonly PlannedLayer[]): void {
  const lstms = layers.filter(({ spec }) => isLstm(spec));
  const top = lstms.at(-1);
  if (top === undefined) throw unsupported('it has no LSTM layer');
  for (const layer of lstms) {
    const gives = isLstm(layer.spec) && layer.spec.returnSequences === true;
    if (layer !== top && !gives)
      throw unsupported(`${quoted(layer.label)} gives its last step only, but an LSTM follows`);
    if (layer === top && gives)
      throw unsupported(`its last LSTM, ${quoted(layer.label)}, gives all steps instead of the token after the window`);
  }
}

/** Takes the last dense layer and its softmax off: they are the prediction. */
function splitHead(layers: readonly PlannedLayer[]): Pick<Plan, 'layers' | 'head'> {
  const at = layers.findLastIndex(({ spec }) => spec.kind === 'dense');
  if (at < 0) throw unsupported('it has no Dense layer that predicts');
  const head = layers[at] as Plan['head'];
  const after = layers.slice(at + 1).filter(({ spec }) => spec.kind !== 'dropout');
  const activations = [
    head.spec.activation,
    ...after.map(({ spec }) => (spec.kind === 'activation' ? spec.activation : spec.kind)),
  ];
  const found = activations.filter((name) => name !== 'linear');
  if (found.length !== 1 || found[0] !== 'softmax') {
    const end = found.length === 0 ? 'nothing' : found.join(', ');
    throw unsupported(`its last Dense layer ${quoted(head.label)} is followed by ${end}, not by a softmax`);
  }
  const spec: DenseSpec = { ...head.spec, activation: 'linear' };
  return { layers: layers.slice(0, at), head: { ...head, spec } };
}
