import { join } from 'node:path';
import { loadCheckpoint, restoreTraining } from '@rondo/checkpoint';
import type { Tensors } from '@rondo/core-native';
import { openDataset } from '@rondo/tokenizer/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { splitSource } from '../batches/piece-source.js';
import { evaluateLikelihood } from '../evaluation/likelihood.js';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { stopAfter, timelessMetrics, toyOptions, weights } from '../testing/toy-training.js';
import type { TrainEvent } from './events.js';
import type { TrainOptions } from './options.js';
import { train } from './train.js';

const folder = temporaryFolder();
const run = (name: string) => join(folder.path, name);
let dataset: string;
// Evaluations inside epochs, at their ends and at a planned end inside one, with state that is carried over all of them.
const more = { schedule: 'cosine', evaluateEvery: 3 } as const satisfies Partial<TrainOptions>;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'toy');
});
afterAll(folder.remove);

/** Aborts in the midst of the first evaluation after update `step`, once the state of some held-out tokens is carried. */
function stopInsideEvaluation(step: number) {
  let done = 0;
  return stopAfter((event: TrainEvent) => {
    if (event.type === 'step') done = event.step;
    return event.type === 'evaluating' && done === step && event.done < event.total;
  });
}

it('a training goes on to the same bits from the midst of any evaluation', async () => {
  const limits = { ...more, epochs: 2 };
  const { steps } = await train(toyOptions(dataset, run('whole'), limits));
  const lines = (await timelessMetrics(run('whole'))) as { step: number }[];
  expect(lines.length).toBeGreaterThan(4);
  for (const { step } of lines) {
    const options = toyOptions(dataset, run('parts'), { ...limits, resume: true, ...stopInsideEvaluation(step) });
    expect(await train(options)).toMatchObject({ interrupted: true, steps: step });
  }
  expect(await train({ dataset, run: run('parts'), resume: true })).toMatchObject({ interrupted: false, steps });
  expect(await timelessMetrics(run('parts'))).toEqual(lines);
  for (const name of ['last', 'best'] as const) {
    expect(weights(run('parts'), name).equals(weights(run('whole'), name))).toBe(true);
  }
});

it('an interrupted evaluation at a planned end inside an epoch is made up for', async () => {
  const limits = { ...more, maxSteps: 4 };
  const whole = await train(toyOptions(dataset, run('short'), limits));
  const stopped = await train(toyOptions(dataset, run('short-parts'), { ...limits, ...stopInsideEvaluation(4) }));
  expect(stopped).toMatchObject({ reason: 'interrupted', steps: 4 });
  const resumed = await train(toyOptions(dataset, run('short-parts'), { ...limits, resume: true }));
  expect(resumed).toMatchObject({ reason: 'steps', interrupted: false, steps: 4, best: whole.best });
  expect(await timelessMetrics(run('short-parts'))).toEqual(await timelessMetrics(run('short')));
});

it('scoring other pieces, with other numbers of rows or broken off, leaves the carried state of training alone', async () => {
  await train(toyOptions(dataset, run('carried'), { ...more, ...stopAfter(2) }));
  const checkpoint = await loadCheckpoint(run('carried'), 'last', { device: 'cpu', threads: 1 });
  if (checkpoint?.training === undefined) throw new Error('no checkpoint');
  const { bundle, training } = checkpoint;
  const opened = await openDataset(dataset);
  try {
    restoreTraining(bundle.network, training);
    const before = bundle.network.readTrainingState();
    expect(Math.max(...figures(before).map(Math.abs))).toBeGreaterThan(0);
    const pieces = splitSource(opened.split('valid'));
    const first = await evaluateLikelihood(bundle, pieces, { batch: 1, sequence: 9 });
    const breakOff = () => {
      throw new Error('enough');
    };
    await expect(evaluateLikelihood(bundle, pieces, { batch: 2, onProgress: breakOff })).rejects.toThrow('enough');
    expect(await evaluateLikelihood(bundle, pieces, { batch: 1, sequence: 9 })).toEqual(first);
    expect(bundle.network.readTrainingState()).toEqual(before);
  } finally {
    bundle.network.dispose();
    await opened.close();
  }
});

function figures(tensors: Tensors): number[] {
  return [...tensors.values()].flatMap(({ data }) => [...data]);
}
