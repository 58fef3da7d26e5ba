import type { NetworkSpec, Tensors } from '@rondo/core-native';
import type { KerasArchive } from '../archive/archive.js';
import { KerasError, quoted } from '../errors.js';
import type { KerasTensor } from '../hdf5/tree.js';
import { fromCudnn } from './cudnn.js';
import type { Kept, Plan, PlannedLayer } from './plan.js';

/** Names of the input and the head, as in the presets. */
export const INPUT_NAME = 'tokens';
export const HEAD_NAME = 'next';

/** The network of a plan: id / vocabulary in, a softmax over the vocabulary out. */
export function networkSpec({ layers, head }: Plan): NetworkSpec {
  const vocabulary = head.spec.units;
  return {
    inputs: [{ kind: 'scalar', name: INPUT_NAME, vocabulary }],
    layers: layers.map(({ spec }) => spec),
    heads: [{ kind: 'softmax', name: HEAD_NAME, vocabulary }],
  };
}

/**
 * The arrays of a plan under the engine's names. Every shape is checked against the layers, so that the engine allocates
 * nothing that the file does not hold.
 * @throws KerasError `RONDO_KERAS_WEIGHTS`
 */
export function collectTensors({ layers, head }: Plan, archive: KerasArchive): Tensors {
  const tensors: Tensors = new Map();
  let width = 1;
  for (const [index, layer] of layers.entries()) {
    const source = new Source(layer, archive);
    width = collect(tensors, `layers.${index}`, layer, source, width);
    source.end();
  }
  const source = new Source(head, archive);
  collectDense(tensors, `heads.${HEAD_NAME}`, head.spec.units, head.kept, source, width);
  source.end();
  return tensors;
}

/** Takes the arrays of one layer and returns the width of its output. */
function collect(out: Tensors, path: string, { spec, kept }: PlannedLayer, source: Source, width: number): number {
  switch (spec.kind) {
    case 'lstm': {
      const directions = spec.bidirectional ? ['.forward', '.backward'] : [''];
      for (const direction of directions) collectLstm(out, path + direction, spec.units, kept, source, width);
      return directions.length * spec.units;
    }
    case 'batchNorm':
      out.set(`${path}.gamma`, kept.scale ? source.take('gamma', width) : filled(1, width));
      out.set(`${path}.beta`, kept.center ? source.take('beta', width) : filled(0, width));
      out.set(`${path}.movingMean`, source.take('moving mean', width));
      out.set(`${path}.movingVariance`, source.take('moving variance', width));
      return width;
    case 'dense':
      collectDense(out, path, spec.units, kept, source, width);
      return spec.units;
    default:
      return width;
  }
}

function collectLstm(out: Tensors, path: string, units: number, kept: Kept, source: Source, width: number): void {
  const gates = 4 * units;
  const kernel = source.take('kernel', width, gates);
  const recurrentKernel = source.take('recurrent kernel', units, gates);
  const doubled = kept.bias && source.nextIs(2 * gates);
  const bias = kept.bias ? source.take('bias', doubled ? 2 * gates : gates) : filled(0, gates);
  const arrays = doubled ? fromCudnn({ kernel, recurrentKernel, bias }) : { kernel, recurrentKernel, bias };
  for (const [name, tensor] of Object.entries(arrays)) out.set(`${path}.${name}`, tensor);
}

function collectDense(out: Tensors, path: string, units: number, kept: Kept, source: Source, width: number): void {
  out.set(`${path}.kernel`, source.take('kernel', width, units));
  out.set(`${path}.bias`, kept.bias ? source.take('bias', units) : filled(0, units));
}

function filled(value: number, size: number): KerasTensor {
  return { shape: [size], data: new Float32Array(size).fill(value) };
}

/** The arrays of one stored layer, one after the other. */
class Source {
  private readonly tensors: readonly KerasTensor[];
  private next = 0;

  constructor(
    private readonly layer: PlannedLayer,
    archive: KerasArchive,
  ) {
    this.tensors = layer.stored === undefined ? [] : archive.layers[layer.stored].tensors;
  }

  /** Whether the next array has one dimension of this size. */
  nextIs(size: number): boolean {
    const shape = this.tensors[this.next]?.shape;
    return shape?.length === 1 && shape[0] === size;
  }

  take(what: string, ...shape: number[]): KerasTensor {
    const tensor = this.tensors[this.next];
    this.next += 1;
    const found = tensor === undefined ? 'nothing' : `(${tensor.shape.join(', ')})`;
    if (tensor === undefined || tensor.shape.join() !== shape.join())
      throw this.error(`${what}: expected (${shape.join(', ')}), the file holds ${found}`);
    const at = tensor.data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0)
      throw this.error(`${what}: the number at ${at} is ${tensor.data[at]}, the training must have diverged`);
    return tensor;
  }

  end(): void {
    if (this.next < this.tensors.length)
      throw this.error(`the file holds ${this.tensors.length} arrays, ${this.next} belong to such a layer`);
  }

  private error(what: string): KerasError {
    return new KerasError('RONDO_KERAS_WEIGHTS', `The weights of ${quoted(this.layer.label)} do not fit: ${what}.`);
  }
}
