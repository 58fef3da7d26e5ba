// CommonJS: the packages are ES modules, and `require` takes them as they are (Node 20.19 and newer).
const assert = require('node:assert');
const { Network } = require('@rondo/core-native');
const { createScheme, readMidi, writeMidi } = require('@rondo/tokenizer');
const { prepareDataset } = require('@rondo/tokenizer/node');
const { loadBundle } = require('@rondo/checkpoint');
const { importKeras } = require('@rondo/checkpoint/keras');
const { exportOnnx } = require('@rondo/checkpoint/onnx');
const { train } = require('@rondo/trainer');
const { generate } = require('@rondo/generator');
const { pianoRollSvg } = require('@rondo/render');
const { svgToPng } = require('@rondo/render/node');
const { main } = require('@rondo/cli');

for (const one of [prepareDataset, loadBundle, importKeras, exportOnnx, train, generate, svgToPng, main])
  assert.strictEqual(typeof one, 'function');

const score = readMidi(writeMidi(createScheme('chord').decode(['C4', 'E4', '0.4.7'])));
assert.match(pianoRollSvg(score), /^<svg/);

const inputs = [{ kind: 'oneHot', name: 'token', vocabulary: 3 }];
const heads = [{ kind: 'softmax', name: 'next', vocabulary: 3 }];
const network = Network.create({ inputs, layers: [{ kind: 'lstm', units: 4 }], heads }, { seed: 1 });
console.log(`${network.parameterCount} parameters on ${network.device.name}`);
network.dispose();
