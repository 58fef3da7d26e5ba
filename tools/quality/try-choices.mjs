// Trains a small chorale network with one setting after the other changed, and leaves what each reaches in a JSON file:
//   node tools/quality/try-choices.mjs DATASET docs/measurements/quality-choices.json [--epochs N] [--seed N] [--factors size,dropout]
// DATASET: chorales prepared with the grid scheme. Choices that the file has already are not trained again.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadBundle } from '@rondo/checkpoint';
import { openDataset } from '@rondo/tokenizer/node';
import { evaluateLikelihood, readMetrics, splitSource, train } from '@rondo/trainer';
import { BASE, CHOICES, trainOptions } from './choices.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { epochs: { type: 'string' }, seed: { type: 'string', default: '1' }, factors: { type: 'string' } },
});
const [data, target] = positionals;
if (target === undefined) {
  process.stderr.write('expected the folder of a dataset and the file for the figures\n');
  process.exit(2);
}
const seed = Number(values.seed);
const epochs = Number(values.epochs ?? BASE.settings.epochs);
const wanted = values.factors?.split(',');

function read() {
  return fs.existsSync(target) ? JSON.parse(fs.readFileSync(target, 'utf8')) : { base: BASE, epochs, seed, rows: [] };
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Trains one choice. @returns nats per frame of the held-out pieces, and what it took */
async function tryChoice(choice) {
  const run = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-choice-'));
  const dataset = await openDataset(data);
  try {
    const began = cpuSeconds();
    const options = { ...trainOptions(choice), ...(values.epochs && { epochs }) };
    const summary = await train({ dataset, run, seed, threads: 1, overwrite: true, ...options });
    const seconds = cpuSeconds() - began;
    const likelihood = await evaluateLikelihood(await loadBundle(run), splitSource(dataset.split('valid')));
    const { loss } = (await readMetrics(run)).at(-1);
    return {
      factor: choice.factor,
      name: choice.name,
      natsPerFrame: likelihood.nll / likelihood.frames,
      natsPerToken: likelihood.nllPerToken,
      accuracy: likelihood.accuracy,
      trainingLoss: loss,
      steps: summary.steps,
      cpuSeconds: Math.round(seconds),
    };
  } finally {
    await dataset.close();
    fs.rmSync(run, { recursive: true });
  }
}

for (const choice of CHOICES) {
  if (wanted !== undefined && !wanted.includes(choice.factor)) continue;
  const document = read();
  if (document.rows.some(({ factor, name }) => factor === choice.factor && name === choice.name)) continue;
  const row = await tryChoice(choice);
  document.rows.push(row);
  fs.writeFileSync(target, `${JSON.stringify(document, null, 2)}\n`);
  process.stderr.write(`${choice.factor}: ${choice.name}: ${row.natsPerFrame.toFixed(3)} in ${row.cpuSeconds} s\n`);
}
