import { formatError, quoted } from '../errors.js';
import { openHdf5, type ReadOptions } from '../hdf5/open-hdf5.js';
import type { Hdf5Tree } from '../hdf5/tree.js';
import type { KerasArchive } from './archive.js';
import { isKeras3, readKeras3Layers } from './keras3.js';
import { isLegacy, readLegacy } from './legacy.js';
import { isRecord, parseJsonText } from './parse-json.js';
import { isZip, PARTS, unzipModel } from './unzip.js';

/**
 * Reads a Keras file of any of the three formats; the contents decide, not the name.
 * @param label how messages call the file
 * @throws KerasError `RONDO_KERAS_FORMAT`, `_LIMIT`, `_WEIGHTS`
 */
export async function openArchive(bytes: Uint8Array, label: string, options?: ReadOptions): Promise<KerasArchive> {
  if (isZip(bytes)) return openZip(bytes, label, options);
  const tree = await openHdf5(bytes, label, options);
  if (isLegacy(tree)) return readLegacy(tree, label);
  if (isKeras3(tree)) return { format: 'weights.h5', ordered: false, layers: readKeras3Layers(tree, label) };
  throw formatError(label, describe(tree));
}

async function openZip(bytes: Uint8Array, label: string, options?: ReadOptions): Promise<KerasArchive> {
  const parts = unzipModel(bytes, label);
  const json = (name: string): Record<string, unknown> => {
    const part = parts.get(name);
    const value = part === undefined ? {} : parseJsonText(new TextDecoder().decode(part), `${label}/${name}`);
    return isRecord(value) ? value : {};
  };
  const [metadata, config] = [json(PARTS.metadata), json(PARTS.config)];
  const tree = await openHdf5(parts.get(PARTS.weights) as Uint8Array, `${label}/${PARTS.weights}`, options);
  return {
    format: 'keras',
    ...(typeof metadata.keras_version === 'string' ? { kerasVersion: metadata.keras_version } : {}),
    config,
    training: config.compile_config,
    ordered: false,
    layers: readKeras3Layers(tree, label),
  };
}

function describe({ groups, tensors }: Hdf5Tree): string {
  const top = [...new Set([...groups, ...tensors.keys()].map((path) => path.split('/')[0]))].filter(Boolean);
  const names = top.slice(0, 5).map(quoted).join(', ');
  return top.length === 0
    ? 'it is an HDF5 file without any array'
    : `it is an HDF5 file of something else, with ${names} at its top`;
}
