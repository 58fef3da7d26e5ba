// Whether a finished model gains by what the piece that it reads has said so far:
//   node tools/quality/past-of-the-piece.mjs RUN DATASET docs/measurements/NAME.json
// Two ways, both on the held-out pieces, from the start for each: a cache (likely is what came next after like passages of
// the piece) and dynamic evaluation (after every 50 tokens an update of the weights by them; Krause et al. 2018).
import fs from 'node:fs';
import { loadBundle } from '@rondo/checkpoint';
import { Network } from '@rondo/core-native';
import { openDataset } from '@rondo/tokenizer/node';
import { arraySource, planBatches, splitSource, tokenNames } from '@rondo/trainer';

const CHUNK = 50;
const RATES = [3e-5, 1e-4, 3e-4, 1e-3];
const SHARES = [0.02, 0.05, 0.1, 0.2];
const [MOST_LIKE, STEEPNESS] = [24, 0.5];

const [run, data, target] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write('expected a run, a dataset and the file for the figures\n');
  process.exit(2);
}
const { network: trained, tokenizer } = await loadBundle(run, { device: 'cpu', threads: 1 });
const names = tokenNames(trained.spec, tokenizer);
const frameEnd = tokenizer.vocabulary.id(tokenizer.scheme.frameEnd);

function readPiece(source, piece) {
  const ids = new Int32Array(source.length(piece));
  source.read(piece, 0, ids.length, ids, 0);
  return ids;
}

/** The batches of one piece, in order: B = 1, at most `time` tokens each. */
function batchesOf(ids, time) {
  const source = arraySource([{ file: '', ids }]);
  const epoch = planBatches('all', source, { names, sequence: time, batch: 1, seed: 1 }).epoch(0);
  return Array.from({ length: epoch.steps }, (_, step) => epoch.batchAt(step).batch);
}

/** The network without dropout, so that an update is of what is predicted. */
function undroppedSpec({ spec }) {
  const undropped = (layer) =>
    layer.kind === 'dropout'
      ? { ...layer, rate: 0 }
      : layer.kind === 'lstm'
        ? { ...layer, recurrentDropout: 0 }
        : layer;
  return { ...spec, layers: spec.layers.map(undropped) };
}

/** Nats of a piece while the weights follow it. */
async function nllWhileLearning(network, ids, learningRate) {
  let nll = 0;
  network.resetState();
  for (const batch of batchesOf(ids, CHUNK)) {
    nll += (await network.evaluate({ ...batch, carryState: true })).lossSum;
    await network.trainStep({ ...batch, carryState: true }, { learningRate, clipNorm: 1 });
  }
  return nll;
}

async function dynamicEvaluation(pieces, learningRate) {
  const network = Network.create(undroppedSpec(trained), { seed: 1, device: 'cpu', threads: 1 });
  const [weights, slots] = [trained.readParameters(), network.readOptimizerSlots()];
  let nll = 0;
  for (const ids of pieces) {
    network.writeParameters(weights);
    network.writeOptimizerSlots(slots);
    nll += await nllWhileLearning(network, ids, learningRate);
  }
  network.dispose();
  return nll;
}

/** For every token of a piece but the first: the probability that its likes among the earlier tokens give it. */
function cacheProbabilities(ids) {
  const likes = new Int32Array(ids.length); // [i]: how many tokens before i equal those before the present one
  return Array.from({ length: ids.length - 1 }, (_, before) => {
    const now = before + 1;
    let [all, right] = [0, 0];
    for (let i = now - 1; i > 0; i--) {
      likes[i] = ids[i - 1] === ids[now - 1] ? Math.min(MOST_LIKE, (i > 1 ? likes[i - 1] : 0) + 1) : 0;
      if (likes[i] === 0) continue;
      const weight = Math.exp(STEEPNESS * likes[i]);
      all += weight;
      if (ids[i] === ids[now]) right += weight;
    }
    return all === 0 ? undefined : right / all;
  });
}

/** The model's own probability of every token of a piece but the first. */
async function modelProbabilities(ids) {
  const [batch] = batchesOf(ids, ids.length);
  const [head] = trained.spec.heads;
  const all = await trained.predict(batch);
  return Array.from(batch.targets[names.head], (id, t) => all[t * head.vocabulary + id]);
}

async function cached(pieces) {
  const sums = new Map(SHARES.map((share) => [share, 0]));
  for (const ids of pieces) {
    const own = await modelProbabilities(ids);
    for (const [t, like] of cacheProbabilities(ids).entries())
      for (const share of SHARES) {
        const mixed = like === undefined ? own[t] : (1 - share) * own[t] + share * like;
        sums.set(share, sums.get(share) - Math.log(mixed));
      }
  }
  return sums;
}

const dataset = await openDataset(data);
const source = splitSource(dataset.split('valid'));
const pieces = Array.from({ length: source.count }, (_, piece) => readPiece(source, piece));
const frames = pieces.reduce((sum, ids) => sum + ids.filter((id) => id === frameEnd).length, 0);
let plain = 0;
for (const ids of pieces) for (const p of await modelProbabilities(ids)) plain -= Math.log(p);
const document = { pieces: pieces.length, frames, natsPerFrame: plain / frames, cache: [], dynamic: [] };
const keep = () => fs.writeFileSync(target, `${JSON.stringify(document, null, 2)}\n`);
for (const [share, nll] of await cached(pieces)) document.cache.push({ share, natsPerFrame: nll / frames });
keep();
for (const rate of RATES) {
  document.dynamic.push({ rate, natsPerFrame: (await dynamicEvaluation(pieces, rate)) / frames });
  keep();
}
await dataset.close();
