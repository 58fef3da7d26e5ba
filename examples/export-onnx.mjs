// A network as an ONNX file that ONNX Runtime and others open, with inputs and outputs for the state.
import fs from 'node:fs';
import { onnxOfNetwork } from '@rondo/checkpoint/onnx';
import { Network } from '@rondo/core-native';

const inputs = [{ kind: 'embedding', name: 'tokens', vocabulary: 20, units: 8 }];
const heads = [{ kind: 'softmax', name: 'next', vocabulary: 20 }];
const network = Network.create({ inputs, layers: [{ kind: 'lstm', units: 16 }], heads }, { seed: 1 });
const model = onnxOfNetwork(network, { author: 'somebody' });
fs.writeFileSync('model.onnx', model.bytes);
for (const { name, type, shape } of [...model.inputs, ...model.outputs]) console.log(name, type, shape);
network.dispose();
