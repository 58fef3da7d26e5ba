import { formatError } from '../errors.js';
import type { Hdf5Tree } from '../hdf5/tree.js';
import type { StoredLayer } from './archive.js';

/** Where the layers stand, in Keras 3 and in the first versions of the format (TensorFlow 2.12). */
const CONTAINERS = ['layers', '_layer_checkpoint_dependencies'];

/** The places of a layer's arrays below its group, in the order in which Keras lists them. */
const PLACES = ['forward_layer/cell/vars', 'backward_layer/cell/vars', 'cell/vars', 'vars'];

/** The format of `.weights.h5`: a group for each layer, arrays by number. */
export function isKeras3(tree: Hdf5Tree): boolean {
  return container(tree) !== undefined;
}

/** The layers in the order of the file, which is that of the alphabet and not that of the network. */
export function readKeras3Layers(tree: Hdf5Tree, label: string): StoredLayer[] {
  const root = container(tree);
  if (root === undefined) throw formatError(label, 'it has no group of layers');
  const groups = tree.groups.filter((path) => path.startsWith(`${root}/`) && path.split('/').length === 2);
  return groups.map((path) => {
    const group = path.slice(root.length + 1);
    const name = tree.attributes.get(`${path}/vars`)?.name;
    const tensors = PLACES.flatMap((place) => numbered(tree, `${path}/${place}`));
    return { name: typeof name === 'string' ? name : group, group, tensors };
  });
}

function container(tree: Hdf5Tree): string | undefined {
  return CONTAINERS.find((name) => tree.groups.includes(name));
}

function numbered(tree: Hdf5Tree, path: string) {
  const found = [];
  for (let number = 0; ; number += 1) {
    const tensor = tree.tensors.get(`${path}/${number}`);
    if (tensor === undefined) return found;
    found.push(tensor);
  }
}
