import type { KerasTensor } from '../hdf5/tree.js';

export interface LstmArrays {
  /** (in, 4H) */
  kernel: KerasTensor;
  /** (H, 4H) */
  recurrentKernel: KerasTensor;
  /** (4H), or (8H) of CuDNNLSTM: one for the inputs and one for the state, which add up. */
  bias: KerasTensor;
}

/**
 * The arrays of a CuDNNLSTM as those of an LSTM. Per gate, cuDNN keeps both matrices by output: the recurrent one is
 * transposed, and of the other one the numbers go column by column.
 */
export function fromCudnn({ kernel, recurrentKernel, bias }: LstmArrays): LstmArrays {
  const gates = kernel.shape[1];
  const half = bias.data.subarray(gates);
  return {
    kernel: rearranged(kernel, (i, j, inputs, units) => columnMajor(j * inputs + i, units)),
    recurrentKernel: rearranged(recurrentKernel, (i, j) => [j, i]),
    bias: { shape: [gates], data: bias.data.slice(0, gates).map((value, at) => value + half[at]) },
  };
}

/** Place of the number `n` when rows of `units` are read one after the other. */
function columnMajor(n: number, units: number): [number, number] {
  return [Math.floor(n / units), n % units];
}

/** New (i, j) of each gate's block [rows][units] from the place that `from` names. */
function rearranged(
  { shape, data }: KerasTensor,
  from: (i: number, j: number, rows: number, units: number) => [number, number],
): KerasTensor {
  const [rows, columns] = shape;
  const units = columns / 4;
  const out = new Float32Array(data.length);
  for (let gate = 0; gate < 4; gate += 1) {
    for (let i = 0; i < rows; i += 1) {
      for (let j = 0; j < units; j += 1) {
        const [row, column] = from(i, j, rows, units);
        out[i * columns + gate * units + j] = data[row * columns + gate * units + column];
      }
    }
  }
  return { shape: [...shape], data: out };
}
