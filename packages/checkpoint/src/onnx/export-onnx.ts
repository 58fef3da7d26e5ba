import { type Network, returnsSequences, type ResolvedHeadSpec, type Tensors } from '@rondo/core-native';
import type { Bundle } from '../bundle/bundle.js';
import { CheckpointError } from '../errors.js';
import { rondoVersion } from '../version.js';
import { Graph } from './graph.js';
import { addDense, addInput, addLayer, addSoftmax, addTiedDense } from './layers.js';
import type { PortInfo } from './messages.js';

/** A protocol-buffers message holds no more. */
const MAX_BYTES = 2 ** 31 - 1;

/** A model as an ONNX file, and what goes in and comes out of it. */
export interface OnnxModel {
  bytes: Uint8Array;
  inputs: PortInfo[];
  outputs: PortInfo[];
}

/**
 * A network as an ONNX model (operator set 17, IR version 8) for inference. Batch and time are free.
 * Inputs by their names: ids as int64 [batch][time], dense ones as float32 [batch][time][units]; for each LSTM that reads
 * forwards its state, `layers.N.h` and `layers.N.c`, float32 [1][batch][units], zeros at the beginning of a piece.
 * Outputs: for a softmax head NAME `NAME.probabilities` and `NAME.logits`, for a regression head `NAME.values`, float32
 * [batch][time][width], or [batch][width] where only the last step comes out; `layers.N.h.next` and `layers.N.c.next`,
 * which are the inputs of the next call when a piece goes on.
 * @param properties texts that travel in the file
 * @throws CheckpointError `RONDO_CHECKPOINT_WEIGHTS` for networks above 2 GiB
 */
export function onnxOfNetwork(network: Network, properties: Record<string, string> = {}): OnnxModel {
  const { spec } = network;
  const tensors = network.readParameters();
  const graph = new Graph();
  const features = spec.inputs.map((input) => addInput(graph, input, tensors));
  let trunk = features.length === 1 ? features[0] : graph.add('Concat', features, { axis: 2 });
  spec.layers.forEach((layer, index) => {
    trunk = addLayer(graph, layer, index, trunk, tensors);
  });
  const sequences = returnsSequences(spec);
  for (const head of spec.heads) addHead(graph, head, trunk, sequences, tensors);
  const model = graph.toModel({ name: 'Rondo', version: rondoVersion }, properties);
  if (model.byteLength > MAX_BYTES) {
    const message = `An ONNX file holds at most ${MAX_BYTES} bytes, this network takes ${model.byteLength}; export it as safetensors.`;
    throw new CheckpointError('RONDO_CHECKPOINT_WEIGHTS', message);
  }
  const { inputs, outputs } = graph;
  return { bytes: model.toBytes(), inputs, outputs };
}

/** A bundle as an ONNX model; its vocabulary and its config travel as the properties `rondo.tokenizer` and `rondo.config`. */
export function exportOnnx({
  network,
  tokenizer,
  config,
}: Pick<Bundle, 'network' | 'tokenizer' | 'config'>): OnnxModel {
  return onnxOfNetwork(network, {
    'rondo.config': JSON.stringify(config),
    'rondo.tokenizer': JSON.stringify(tokenizer.toJSON()),
  });
}

function addHead(graph: Graph, head: ResolvedHeadSpec, trunk: string, sequences: boolean, tensors: Tensors): void {
  const width = head.kind === 'softmax' ? head.vocabulary : head.units;
  const shape = sequences ? ['batch', 'time', width] : ['batch', width];
  const prefix = `heads.${head.name}.`;
  const tied = head.kind === 'softmax' ? head.tied : undefined;
  const values =
    tied === undefined ? addDense(graph, prefix, trunk, tensors) : addTiedDense(graph, prefix, trunk, tied, tensors);
  const give = (name: string, value: string) => {
    const turned = sequences ? graph.add('Transpose', [value], { perm: [1, 0, 2] }) : value;
    graph.output(turned, { name: `${head.name}.${name}`, type: 'float32', shape });
  };
  if (head.kind === 'regression') return give('values', values);
  give('probabilities', addSoftmax(graph, values));
  give('logits', values);
}
