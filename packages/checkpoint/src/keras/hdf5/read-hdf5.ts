import h5wasm from 'h5wasm';
import { LIMITS } from '../limits.js';
import type { Hdf5Result, Hdf5Tree, KerasTensor } from './tree.js';

// The build of h5wasm for browsers keeps its files in memory: whatever links a file holds, they lead nowhere else.

/** Attributes that say something about a network; long lists stand in pieces with a number at the end. */
const WANTED = /^(keras_version|backend|model_config|training_config|name|(layer|weight)_names\d*)$/;

/** What the optimiser keeps is not read. */
const SKIPPED = /^optimizer/;

type Group = InstanceType<typeof h5wasm.Group>;
type Dataset = InstanceType<typeof h5wasm.Dataset>;

class TooMuch extends Error {}

/**
 * Reads groups, texts and float arrays. Never throws: a file that cannot be read gives a failure.
 * @param bytes a whole HDF5 file
 */
export async function readHdf5(bytes: Uint8Array): Promise<Hdf5Result> {
  const { FS, activate_throwing_error_handler: complainByThrowing } = await h5wasm.ready;
  const path = '/model.h5';
  let file: InstanceType<typeof h5wasm.File> | undefined;
  try {
    complainByThrowing(); // instead of writing to stderr
    FS.writeFile(path, bytes);
    file = new h5wasm.File(path, 'r');
    return { tree: new Walk(bytes.length).read(file) };
  } catch (error) {
    const limit = error instanceof TooMuch;
    return {
      failure: reasonOf(error),
      limit,
      broken: error instanceof Error && error.name === 'RuntimeError',
    };
  } finally {
    tidy(() => file?.close());
    tidy(() => FS.unlink(path));
  }
}

/** Of the library's trace of calls, what the innermost one says. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const innermost = [...text.matchAll(/\(\): (.+)$/gm)].at(-1)?.[1];
  return (innermost ?? text.split('\n')[0]).slice(0, 200);
}

function tidy(action: () => void): void {
  try {
    action();
  } catch {
    // A damaged file may not close either; the thread that read it ends with it.
  }
}

class Walk {
  private readonly tree: Hdf5Tree = { groups: [], attributes: new Map(), tensors: new Map() };
  private objects = 0;
  private values = 0;
  private readonly mostValues: number;

  /** @param fileBytes size of the whole file */
  constructor(fileBytes: number) {
    const { most, least, perByte } = LIMITS.values;
    this.mostValues = Math.min(most, least + perByte * fileBytes);
  }

  read(root: Group): Hdf5Tree {
    this.visit(root, '', 0);
    return this.tree;
  }

  private visit(group: Group, path: string, depth: number): void {
    if (depth > LIMITS.depth) throw new TooMuch(`groups lie more than ${LIMITS.depth} deep`);
    this.tree.groups.push(path);
    this.texts(group, path);
    for (const name of group.keys()) {
      this.objects += 1;
      if (this.objects > LIMITS.objects) throw new TooMuch(`it has more than ${LIMITS.objects} objects`);
      if (path === '' && SKIPPED.test(name)) continue;
      const child = group.get(name);
      const place = path === '' ? name : `${path}/${name}`;
      if (child instanceof h5wasm.Group) this.visit(child, place, depth + 1);
      else if (child instanceof h5wasm.Dataset) this.array(child, place);
    }
  }

  private texts(group: Group, path: string): void {
    const found: Record<string, string | string[]> = {};
    for (const [name, attribute] of Object.entries(group.attrs)) {
      if (!WANTED.test(name)) continue;
      const { metadata } = attribute;
      if (metadata.size * Math.max(1, metadata.total_size) > LIMITS.attributeBytes)
        throw new TooMuch(`the attribute ${name} takes more than ${LIMITS.attributeBytes} bytes`);
      const { value } = attribute;
      if (typeof value === 'string') found[name] = value;
      else if (Array.isArray(value) && value.every((text) => typeof text === 'string')) found[name] = value;
    }
    if (Object.keys(found).length > 0) this.tree.attributes.set(path, found);
  }

  private array(dataset: Dataset, path: string): void {
    const { metadata } = dataset;
    const shape = metadata.shape;
    if (shape === null || metadata.type !== FLOAT || metadata.vlen) return;
    const count = shape.reduce((product, size) => product * size, 1);
    this.values += count;
    if (!(this.values <= this.mostValues))
      throw new TooMuch(`its arrays hold more than ${this.mostValues} numbers, the most for a file of its size`);
    const value = count === 0 ? new Float32Array() : dataset.value;
    this.tree.tensors.set(path, { shape: [...shape], data: toFloats(value, count, path) });
  }
}

/** Class of floating-point types in HDF5. */
const FLOAT = 1;

function toFloats(value: unknown, count: number, path: string): KerasTensor['data'] {
  if (typeof value === 'number') return Float32Array.of(value);
  if ((value instanceof Float32Array || value instanceof Float64Array) && value.length === count)
    return Float32Array.from(value);
  throw new Error(`the array ${path} cannot be read as float32 or float64`);
}
