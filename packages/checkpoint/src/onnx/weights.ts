import type { Tensor, Tensors } from '@rondo/core-native';

/** Keras' gates i, f, c, o at the places where ONNX wants i, o, f, c. */
const GATE_ORDER = [0, 3, 1, 2];

/** Parameters by name; what a spec promises is there. */
export function parameter(tensors: Tensors, name: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`the network has no parameter ${name}`);
  return tensor;
}

/** LSTM weights as ONNX has them: all directions together, gates in its order, a row for each gate's unit. */
export interface OnnxLstmWeights {
  input: number;
  units: number;
  /** [directions][4 · units][input] */
  kernel: Float32Array;
  /** [directions][4 · units][units] */
  recurrentKernel: Float32Array;
  /** [directions][8 · units]: ours, then zeros for the second bias that ONNX has. */
  bias: Float32Array;
}

/** @param prefixes of the directions' parameters */
export function lstmWeights(tensors: Tensors, prefixes: readonly string[]): OnnxLstmWeights {
  const parts = prefixes.map((prefix) => ({
    kernel: parameter(tensors, `${prefix}kernel`),
    recurrent: parameter(tensors, `${prefix}recurrentKernel`),
    bias: parameter(tensors, `${prefix}bias`).data,
  }));
  const [{ kernel, recurrent }] = parts;
  const [input, units] = [kernel.shape[0], recurrent.shape[0]];
  return {
    input,
    units,
    kernel: join(parts.map((part) => transposedGates(part.kernel.data, input, units))),
    recurrentKernel: join(parts.map((part) => transposedGates(part.recurrent.data, units, units))),
    bias: join(parts.flatMap((part) => [transposedGates(part.bias, 1, units), new Float32Array(4 * units)])),
  };
}

/** [rows][4 · units] → [4 · units][rows], the gates in the order of ONNX. */
function transposedGates(values: Float32Array, rows: number, units: number): Float32Array {
  const out = new Float32Array(values.length);
  GATE_ORDER.forEach((gate, place) => {
    for (let unit = 0; unit < units; unit += 1)
      for (let row = 0; row < rows; row += 1)
        out[(place * units + unit) * rows + row] = values[row * 4 * units + gate * units + unit];
  });
  return out;
}

function join(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Batch norm at inference is y = scale · x + shift; both are computed in double precision. */
export function batchNormLine(tensors: Tensors, prefix: string, epsilon: number) {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'movingMean', 'movingVariance'].map(
    (name) => parameter(tensors, `${prefix}${name}`).data,
  );
  const scale = Float64Array.from(gamma, (value, at) => value / Math.sqrt(variance[at] + epsilon));
  const shift = Float32Array.from(beta, (value, at) => value - mean[at] * scale[at]);
  return { scale: Float32Array.from(scale), shift };
}
