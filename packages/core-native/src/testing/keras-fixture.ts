import { readFileSync } from 'node:fs';
import type { Tensor, Tensors } from '../tensors.js';

interface KerasArray {
  shape: number[];
  data: number[];
}

/** Golden numbers of the tutorial's network at a small size: three training steps in float64. */
export interface TutorialFixture {
  batch: number;
  time: number;
  vocabulary: number;
  units: number;
  dense: number;
  /** [B][T] */
  inputIds: number[][];
  /** [B] */
  targets: number[];
  start: Record<string, KerasArray>;
  steps: { loss: number; accuracy: number }[];
  end: Record<string, KerasArray>;
  probabilities: KerasArray;
}

export function readTutorialFixture(): TutorialFixture {
  const path = new URL('../../fixtures/keras/tutorial-net-3-steps.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as TutorialFixture;
}

const LAYERS: Record<string, string> = {
  lstm_5: 'layers.0',
  lstm_6: 'layers.1',
  lstm_7: 'layers.2',
  batch_normalization_1: 'layers.3',
  dense: 'layers.5',
  batch_normalization_2: 'layers.7',
  dense_1: 'heads.next',
};

/** Keras' paths to ours; the states of Keras' random generators have no counterpart. */
export function tensorsFromKeras(arrays: Record<string, KerasArray>): Tensors {
  const tensors: Tensors = new Map();
  for (const [path, array] of Object.entries(arrays)) {
    const parts = path.replace('sequential/', '').replace('lstm_cell/', '').split('/');
    const layer = LAYERS[parts[0] ?? ''];
    if (layer === undefined) continue;
    const variable = (parts[1] ?? '').replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    tensors.set(`${layer}.${variable}`, toTensor(array));
  }
  return tensors;
}

function toTensor({ shape, data }: KerasArray): Tensor {
  return { shape, data: Float32Array.from(data) };
}

/** max|a − b| / max|b|: how every parity in this project is measured. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i += 1) {
    const a = actual[i] ?? NaN;
    const b = expected[i] ?? NaN;
    if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
    difference = Math.max(difference, Math.abs(a - b));
    largest = Math.max(largest, Math.abs(b));
  }
  return difference === 0 ? 0 : difference / largest;
}
