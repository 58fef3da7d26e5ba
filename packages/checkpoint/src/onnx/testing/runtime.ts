import * as ort from 'onnxruntime-web';
import type { OnnxModel } from '../export-onnx.js';

ort.env.wasm.numThreads = 1;

/** ONNX Runtime (its WebAssembly build), which has nothing of ours. */
export async function openInRuntime({ bytes }: OnnxModel): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
}

export type Values = Record<string, ort.Tensor>;

export function floats(shape: readonly number[], data: Float32Array): ort.Tensor {
  return new ort.Tensor('float32', data, shape);
}

/** Ids [batch][time] as the runtime wants them. */
export function idTensor(rows: readonly (readonly number[])[]): ort.Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0].length]);
}

/** Zeros for every state input of a model. */
export function zeroState({ inputs }: OnnxModel, batch: number): Values {
  const states = inputs.filter(({ name }) => /^layers\.\d+\.[hc]$/.test(name));
  return Object.fromEntries(
    states.map(({ name, shape }) => {
      const sizes = shape.map((size) => (size === 'batch' ? batch : Number(size)));
      return [name, floats(sizes, new Float32Array(sizes.reduce((product, size) => product * size, 1)))];
    }),
  );
}

/** The states that a run gave, as inputs of the next one. */
export function nextState(outputs: Values): Values {
  const states = Object.entries(outputs).filter(([name]) => name.endsWith('.next'));
  return Object.fromEntries(states.map(([name, value]) => [name.replace(/\.next$/, ''), value]));
}

export const numbersOf = (value: ort.Tensor): Float32Array => value.data as Float32Array;
