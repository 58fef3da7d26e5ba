// Trains a small network on rotations of a scale and prints how well it knows one that it has not seen.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createScheme, writeMidi } from '@rondo/tokenizer';
import { prepareDataset } from '@rondo/tokenizer/node';
import { embeddedNetwork, train } from '@rondo/trainer';

const [midi, scale] = [mkdtempSync(`${tmpdir()}/rondo-`), ['C4', 'D4', 'E4', 'F4', 'G4', 'A4', 'B4', 'C5']];
const rotated = (i) => [...scale.slice(i), ...scale, ...scale, ...scale.slice(0, i)];
for (const i of scale.keys()) writeFileSync(`${midi}/${i}.mid`, writeMidi(createScheme('chord').decode(rotated(i))));
await prepareDataset({ inputs: [midi], out: `${midi}-dataset`, scheme: 'grid', split: [80, 20, 0] });

const network = (vocabulary) => embeddedNetwork(vocabulary, { embedding: 16, units: [32] });
const summary = await train({
  dataset: `${midi}-dataset`,
  run: `${midi}-run`,
  network,
  epochs: 60,
  batch: 2,
  learningRate: 0.01,
});
console.log(`best ${summary.best.validLoss} nats per token, bigram ${summary.baselines.bigram}, in ${summary.run}`);
