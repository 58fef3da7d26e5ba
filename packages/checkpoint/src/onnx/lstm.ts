import type { ResolvedLayerSpec, Tensors } from '@rondo/core-native';
import type { Graph } from './graph.js';
import { lstmWeights } from './weights.js';

type Lstm = Extract<ResolvedLayerSpec, { kind: 'lstm' }>;

/**
 * An LSTM over [time][batch][features]. A layer that reads forwards takes its state as inputs `layers.N.h` and
 * `layers.N.c` ([1][batch][units]) and gives the state after the last step as `layers.N.h.next` and `layers.N.c.next`:
 * zeros begin a piece. A bidirectional layer begins at zero each time, as there is no stepping backwards.
 * @returns [time][batch][features], or [batch][features] where only the last step comes out
 */
export function addLstm(graph: Graph, layer: Lstm, index: number, x: string, tensors: Tensors): string {
  const prefix = `layers.${index}.`;
  const directions = layer.bidirectional ? ['forward.', 'backward.'] : [''];
  const { kernel, recurrentKernel, bias, input, units } = lstmWeights(
    tensors,
    directions.map((direction) => prefix + direction),
  );
  const count = directions.length;
  const state = layer.bidirectional ? [] : stateInputs(graph, prefix, units);
  const [all, h, c] = graph.addMany(
    'LSTM',
    [
      x,
      graph.floats(`${prefix}W`, [count, 4 * units, input], kernel),
      graph.floats(`${prefix}R`, [count, 4 * units, units], recurrentKernel),
      graph.floats(`${prefix}B`, [count, 8 * units], bias),
      '', // all sequences are as long as the input
      ...state,
    ],
    3,
    { hidden_size: units, direction: count === 2 ? 'bidirectional' : 'forward', ...gates(layer, count) },
  );
  if (!layer.bidirectional) stateOutputs(graph, prefix, units, h, c);
  if (layer.returnSequences) return joined(graph, all, [0, 2, 1, 3], [0, 0, count * units]);
  return joined(graph, h, [1, 0, 2], [0, count * units]);
}

function stateInputs(graph: Graph, prefix: string, units: number): string[] {
  return ['h', 'c'].map((name) => graph.input({ name: prefix + name, type: 'float32', shape: [1, 'batch', units] }));
}

function stateOutputs(graph: Graph, prefix: string, units: number, h: string, c: string): void {
  const shape = [1, 'batch', units];
  graph.output(h, { name: `${prefix}h.next`, type: 'float32', shape });
  graph.output(c, { name: `${prefix}c.next`, type: 'float32', shape });
}

/** Activations of each direction; the hard sigmoid is clip(x / 5 + 1/2). */
function gates({ gateActivation }: Lstm, directions: number): { activations?: string[] } {
  if (gateActivation === 'sigmoid') return {};
  // Its slope and offset are ONNX's defaults, 0.2 and 0.5.
  const one = ['HardSigmoid', 'Tanh', 'Tanh'];
  return { activations: directions === 2 ? [...one, ...one] : one };
}

/** Puts the directions beside the units and makes one axis of both. In a shape 0 keeps the axis as it is. */
function joined(graph: Graph, value: string, order: number[], shape: number[]): string {
  const turned = graph.add('Transpose', [value], { perm: order });
  return graph.add('Reshape', [turned, graph.integers(shape)]);
}
