import type { NetworkSpec, Tensors } from '@rondo/core-native';

/**
 * The logits of the token after a window, in double precision and from the equations alone (docs/lstm.md 1–6, 13): nothing
 * of the engine takes part. For networks of one scalar input, LSTMs of one direction, dropout (off) and dense layers.
 */
export function float64Logits(spec: NetworkSpec, tensors: Tensors, window: readonly number[]): number[] {
  const [input] = spec.inputs;
  const [head] = spec.heads;
  if (input?.kind !== 'scalar' || head?.kind !== 'softmax')
    throw new Error('expected ids as one number, and a softmax');
  let rows = window.map((id) => [id / input.vocabulary]);
  for (const [index, layer] of spec.layers.entries()) {
    const part = (name: string) => tensors.get(`layers.${index}.${name}`)?.data ?? new Float32Array();
    if (layer.kind === 'lstm') {
      const states = lstm(rows, part('kernel'), part('recurrentKernel'), part('bias'), layer);
      rows = layer.returnSequences === false ? states.slice(-1) : states;
    } else if (layer.kind === 'dense') {
      const activate = layer.activation === 'relu' ? (x: number) => Math.max(0, x) : (x: number) => x;
      if (!['relu', 'linear', undefined].includes(layer.activation)) throw new Error(`no ${layer.activation} here`);
      rows = rows.map((row) => affine(row, part('kernel'), part('bias')).map(activate));
    } else if (layer.kind !== 'dropout') throw new Error(`no ${layer.kind} here`);
  }
  const name = `heads.${head.name}`;
  const [kernel, bias] = ['kernel', 'bias'].map((one) => tensors.get(`${name}.${one}`)?.data ?? new Float32Array());
  return affine(rows.at(-1) ?? [], kernel, bias);
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const hardSigmoid = (x: number) => Math.min(1, Math.max(0, x / 5 + 0.5));

function lstm(
  rows: readonly number[][],
  kernel: Float32Array,
  recurrent: Float32Array,
  bias: Float32Array,
  { units, gateActivation }: { units: number; gateActivation?: string },
): number[][] {
  const gate = gateActivation === 'hardSigmoid' ? hardSigmoid : sigmoid;
  let h = Array.from({ length: units }, () => 0);
  let c = [...h];
  return rows.map((row) => {
    const z = affine(h, recurrent, affine(row, kernel, bias));
    c = c.map((before, u) => gate(z[units + u]) * before + gate(z[u]) * Math.tanh(z[2 * units + u]));
    h = c.map((cell, u) => gate(z[3 * units + u]) * Math.tanh(cell));
    return h;
  });
}

/** x W + b, W of (in, out) by rows. */
function affine(x: readonly number[], w: Float32Array, b: ArrayLike<number>): number[] {
  const out = Array.from(b);
  for (const [i, value] of x.entries()) for (let j = 0; j < out.length; j++) out[j] += value * w[i * out.length + j];
  return out;
}
