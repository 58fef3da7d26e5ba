import { describe, EngineError, unexpected } from './errors.js';

/** A named block of float32 values, row-major. */
export interface Tensor {
  shape: number[];
  data: Float32Array;
}

/** Tensors by name, in the engine's order (which is the order in a bundle). */
export type Tensors = Map<string, Tensor>;

/** Name and shape of a tensor. */
export interface TensorInfo {
  name: string;
  shape: number[];
}

/** A parameter of a network. */
export interface ParameterInfo extends TensorInfo {
  /** False for the moving statistics of batch norms: written and read, never updated by the optimiser. */
  trainable: boolean;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Puts the engine's blocks (same order as `infos`) under their names. */
export function nameTensors(infos: readonly TensorInfo[], blocks: readonly Float32Array[]): Tensors {
  return new Map(
    infos.map((info, index) => [info.name, { shape: [...info.shape], data: blocks[index] ?? new Float32Array() }]),
  );
}

/** A tensor with its name: how tensors go to the engine. */
export interface NamedTensor extends Tensor {
  name: string;
}

/** The tensors as a list. Throws RONDO_ENGINE_SHAPE where data and shape do not agree; nothing is copied. */
export function listTensors(what: string, tensors: Tensors): NamedTensor[] {
  return [...tensors].map(([name, { shape, data }]) => {
    const subject = `${what}: ${name}`;
    if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
      throw unexpected('RONDO_ENGINE_SHAPE', subject, 'a shape of integers', describe(shape));
    }
    const count = elementCount(shape);
    if (!(data instanceof Float32Array) || data.length !== count) {
      throw unexpected('RONDO_ENGINE_SHAPE', subject, `Float32Array(${String(count)})`, describe(data));
    }
    return { name, shape, data };
  });
}

/**
 * The tensors as a list that has exactly the names and shapes of `infos`.
 * Throws RONDO_ENGINE_SHAPE when a name is missing or unknown, or a shape or type differs; nothing is copied.
 */
export function orderTensors(what: string, infos: readonly TensorInfo[], tensors: Tensors): NamedTensor[] {
  const known = new Map(infos.map((info) => [info.name, info.shape]));
  const unknown = [...tensors.keys()].filter((name) => !known.has(name));
  const missing = infos.filter((info) => !tensors.has(info.name)).map((info) => info.name);
  if (unknown.length > 0 || missing.length > 0) {
    throw new EngineError('RONDO_ENGINE_SHAPE', `${what}: ${nameComplaint(missing, unknown)}`);
  }
  const list = listTensors(what, tensors);
  for (const { name, shape } of list) {
    const expected = known.get(name)?.join(', ');
    if (expected !== shape.join(', ')) {
      throw unexpected('RONDO_ENGINE_SHAPE', `${what}: ${name}`, `shape [${expected}]`, `[${shape.join(', ')}]`);
    }
  }
  return list;
}

function nameComplaint(missing: string[], unknown: string[]): string {
  const list = (names: string[]) =>
    names.slice(0, 4).join(', ') + (names.length > 4 ? ` and ${String(names.length - 4)} more` : '');
  const parts = [];
  if (missing.length > 0) parts.push(`missing ${list(missing)}`);
  if (unknown.length > 0) parts.push(`unknown ${list(unknown)}`);
  return `${parts.join('; ')}; the names must be those of this network`;
}
