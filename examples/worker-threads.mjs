// The engine in worker threads: every thread has networks of its own, and the same seed gives the same losses in all.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Network } from '@rondo/core-native';

async function losses() {
  const inputs = [{ kind: 'embedding', name: 'token', vocabulary: 4, units: 8 }];
  const heads = [{ kind: 'softmax', name: 'next', vocabulary: 4 }];
  const network = Network.create({ inputs, layers: [{ kind: 'lstm', units: 16 }], heads }, { seed: 7, threads: 1 });
  const [token, next] = [Int32Array.of(0, 1, 2, 3), Int32Array.of(1, 2, 3, 0)];
  const batch = { batch: 1, time: 4, inputs: { token }, targets: { next } };
  const found = [];
  for (let step = 0; step < 5; step += 1) found.push((await network.trainStep(batch, { learningRate: 0.01 })).loss);
  network.dispose();
  return found;
}

const fromThread = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url));
    worker.once('message', resolve);
    worker.once('error', reject);
  });

if (isMainThread) {
  const [own, ...others] = await Promise.all([losses(), fromThread(), fromThread(), fromThread()]);
  console.log(own.join(' '));
  if (others.some((other) => other.join() !== own.join())) throw new Error('the threads differ');
} else parentPort.postMessage(await losses());
