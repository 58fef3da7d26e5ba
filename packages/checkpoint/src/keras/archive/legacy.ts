import { formatError, KerasError, quoted } from '../errors.js';
import type { Hdf5Tree, KerasTensor } from '../hdf5/tree.js';
import type { KerasArchive, StoredLayer } from './archive.js';
import { parseJsonText } from './parse-json.js';

/** The group of the weights of a whole model; in a file of weights only they stand at the root. */
const MODEL_WEIGHTS = 'model_weights';

/** The format of Keras 1 and 2, which Keras 3 still writes as `.h5`: names of layers and arrays are attributes. */
export function isLegacy(tree: Hdf5Tree): boolean {
  return weightsRoot(tree) !== undefined;
}

/** @throws KerasError `RONDO_KERAS_FORMAT`, `RONDO_KERAS_WEIGHTS` */
export function readLegacy(tree: Hdf5Tree, label: string): KerasArchive {
  const root = weightsRoot(tree);
  if (root === undefined) throw formatError(label, 'it lists no layers');
  const top = { ...tree.attributes.get(root), ...tree.attributes.get('') };
  const config = jsonAttribute(top.model_config, `${label}: model_config`);
  const names = [...new Set(listAttribute(tree, root, 'layer_names'))].filter((name) => !isTopLevel(tree, root, name));
  return {
    format: config === undefined ? 'h5 weights' : 'h5 model',
    kerasVersion: textOf(top.keras_version),
    backend: textOf(top.backend),
    config,
    training: jsonAttribute(top.training_config, `${label}: training_config`),
    ordered: true,
    layers: names.map((name) => readLayer(tree, root, name, label)),
  };
}

function weightsRoot(tree: Hdf5Tree): string | undefined {
  return [MODEL_WEIGHTS, ''].find((root) => listAttribute(tree, root, 'layer_names').length > 0);
}

/** Keras 3 keeps what belongs to no layer in a group of this name. */
function isTopLevel(tree: Hdf5Tree, root: string, name: string): boolean {
  return name === 'top_level_model_weights' && listAttribute(tree, join(root, name), 'weight_names').length === 0;
}

function readLayer(tree: Hdf5Tree, root: string, name: string, label: string): StoredLayer {
  const group = join(root, name);
  const weights = listAttribute(tree, group, 'weight_names').filter((weight) => !weight.includes('seed_generator'));
  return { name, group: name, tensors: weights.map((weight) => tensorAt(tree, join(group, weight), label)) };
}

function tensorAt(tree: Hdf5Tree, path: string, label: string): KerasTensor {
  const tensor = tree.tensors.get(path);
  if (tensor !== undefined) return tensor;
  throw new KerasError(
    'RONDO_KERAS_WEIGHTS',
    `${label} lists the array ${quoted(path)} but does not hold it as floats.`,
  );
}

/** A list of names; one too long for an attribute stands in several: `layer_names0`, `layer_names1`, … */
function listAttribute(tree: Hdf5Tree, group: string, name: string): string[] {
  const attributes = tree.attributes.get(group) ?? {};
  const whole = attributes[name];
  if (whole !== undefined) return [whole].flat();
  const parts: string[] = [];
  for (let part = 0; attributes[`${name}${part}`] !== undefined; part += 1)
    parts.push(...[attributes[`${name}${part}`]].flat());
  return parts;
}

function jsonAttribute(value: string | string[] | undefined, label: string): unknown {
  return typeof value === 'string' ? parseJsonText(value, label) : undefined;
}

function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function join(root: string, name: string): string {
  return root === '' ? name : `${root}/${name}`;
}
