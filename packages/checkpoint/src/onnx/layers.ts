import type { Activation, InputSpec, ResolvedLayerSpec, Tensors } from '@rondo/core-native';
import type { Graph } from './graph.js';
import { addLstm } from './lstm.js';
import { batchNormLine, parameter } from './weights.js';

/** An input as callers give it, batch first, to features [time][batch][width]. */
export function addInput(graph: Graph, input: InputSpec, tensors: Tensors): string {
  const { name } = input;
  if (input.kind === 'dense') {
    const values = graph.input({ name, type: 'float32', shape: ['batch', 'time', input.units] });
    return graph.add('Transpose', [values], { perm: [1, 0, 2] });
  }
  const ids = graph.input({ name, type: 'int64', shape: ['batch', 'time'] });
  const turned = graph.add('Transpose', [ids], { perm: [1, 0] });
  switch (input.kind) {
    case 'embedding': {
      const { shape, data } = parameter(tensors, `inputs.${name}.embedding`);
      return graph.add('Gather', [graph.floats(`inputs.${name}.embedding`, shape, data), turned]);
    }
    case 'scalar': {
      const numbers = graph.add('Cast', [turned], { to: 1 });
      const size = graph.floats(`inputs.${name}.vocabulary`, [], Float32Array.of(input.vocabulary));
      return graph.add('Unsqueeze', [graph.add('Div', [numbers, size]), graph.integers([2])]);
    }
    case 'oneHot': {
      const offAndOn = graph.floats(`inputs.${name}.values`, [2], Float32Array.of(0, 1));
      return graph.add('OneHot', [turned, graph.integers([input.vocabulary]), offAndOn], { axis: -1 });
    }
  }
}

/** A layer at inference, where dropout does nothing. */
export function addLayer(graph: Graph, layer: ResolvedLayerSpec, index: number, x: string, tensors: Tensors): string {
  const prefix = `layers.${index}.`;
  switch (layer.kind) {
    case 'lstm':
      return addLstm(graph, layer, index, x, tensors);
    case 'dropout':
      return x;
    case 'batchNorm': {
      const { scale, shift } = batchNormLine(tensors, prefix, layer.epsilon);
      const scaled = graph.add('Mul', [x, graph.floats(`${prefix}scale`, [scale.length], scale)]);
      return graph.add('Add', [scaled, graph.floats(`${prefix}shift`, [shift.length], shift)]);
    }
    case 'dense':
      return addActivation(graph, layer.activation, addDense(graph, prefix, x, tensors));
    case 'activation':
      return addActivation(graph, layer.activation, x);
  }
}

/** x · kernel + bias over the last axis. */
export function addDense(graph: Graph, prefix: string, x: string, tensors: Tensors): string {
  const { shape, data } = parameter(tensors, `${prefix}kernel`);
  return addLinear(graph, prefix, { x, kernel: graph.floats(`${prefix}kernel`, shape, data) }, tensors);
}

/** The same with the table of an embedding input, transposed, as the kernel: the file has it once. */
export function addTiedDense(graph: Graph, prefix: string, x: string, input: string, tensors: Tensors): string {
  const kernel = graph.add('Transpose', [`inputs.${input}.embedding`], { perm: [1, 0] });
  return addLinear(graph, prefix, { x, kernel }, tensors);
}

function addLinear(graph: Graph, prefix: string, { x, kernel }: { x: string; kernel: string }, tensors: Tensors) {
  const { shape, data } = parameter(tensors, `${prefix}bias`);
  return graph.add('Add', [graph.add('MatMul', [x, kernel]), graph.floats(`${prefix}bias`, shape, data)]);
}

const OPERATORS: Record<Exclude<Activation, 'linear' | 'softmax'>, string> = {
  relu: 'Relu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
};

function addActivation(graph: Graph, activation: Activation, x: string): string {
  if (activation === 'linear') return x;
  if (activation === 'softmax') return addSoftmax(graph, x);
  return graph.add(OPERATORS[activation], [x]);
}

export function addSoftmax(graph: Graph, x: string): string {
  return graph.add('Softmax', [x], { axis: -1 });
}
