// Teaches a small network to count to four and asks it what comes after 2.
import { Network } from '@rondo/core-native';

const inputs = [{ kind: 'embedding', name: 'token', vocabulary: 4, units: 8 }];
const heads = [{ kind: 'softmax', name: 'next', vocabulary: 4 }];
const network = Network.create({ inputs, layers: [{ kind: 'lstm', units: 16 }], heads }, { seed: 1 });
const [token, next] = [Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3), Int32Array.of(1, 2, 3, 0, 1, 2, 3, 0)];
const batch = { batch: 1, time: 8, inputs: { token }, targets: { next } };
for (let step = 0; step < 100; step += 1) await network.trainStep(batch, { learningRate: 0.02 });
const logits = network.openStream().step(Int32Array.of(2));
const answer = logits.indexOf(Math.max(...logits));
console.log(`after 2 comes ${answer}`);
network.dispose();
process.exitCode = answer === 3 ? 0 : 1;
