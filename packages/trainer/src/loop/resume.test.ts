import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadCheckpoint, lockRun, restoreTraining, saveCheckpoint } from '@rondo/checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { stopAfter, timelessMetrics, toyNetwork, toyOptions, weights } from '../testing/toy-training.js';
import type { TrainEvent } from './events.js';
import { readMetrics } from './metrics-file.js';
import type { TrainOptions } from './options.js';
import { train } from './train.js';

const folder = temporaryFolder();
const run = (name: string) => join(folder.path, name);
let dataset: string;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'toy');
});
afterAll(folder.remove);

const objectives: [string, Partial<TrainOptions>][] = [
  ['all', { schedule: 'cosine', warmupSteps: 4, evaluateEvery: 5, patience: 3, averaging: 0.9 }],
  ['last', { objective: 'last', sequence: 12, batch: 32, optimizer: { kind: 'rmsprop', momentum: 0.5 } }],
];

describe.each(objectives)('resume, objective %s', (objective, more) => {
  const whole = `whole-${objective}`;
  beforeAll(() => train(toyOptions(dataset, run(whole), more)));

  async function expectAsWhole(name: string): Promise<void> {
    expect(weights(run(name)).equals(weights(run(whole)))).toBe(true);
    expect(weights(run(name), 'best').equals(weights(run(whole), 'best'))).toBe(true);
    expect(await timelessMetrics(run(name))).toEqual(await timelessMetrics(run(whole)));
  }

  it('gives the bits of an uninterrupted run, wherever it was interrupted', async () => {
    const name = `pieces-${objective}`;
    const stepsPerEpoch =
      Number((await timelessMetrics(run(whole))).map((line) => ('step' in line ? line.step : 0)).at(-1)) / 3;
    // Inside the first epoch, twice close together, at the end of an epoch before it is evaluated, inside the last one.
    for (const step of [2, 3, stepsPerEpoch, 2 * stepsPerEpoch + 1]) {
      const stop = stopAfter(step);
      const summary = await train(toyOptions(dataset, run(name), { ...more, ...stop, resume: true }));
      expect(summary).toMatchObject({ interrupted: true, reason: 'interrupted', steps: step });
    }
    const summary = await train({ dataset, run: run(name), resume: true, device: 'cpu', threads: 2 });
    expect(summary).toMatchObject({ epochs: 3, interrupted: false });
    await expectAsWhole(name);
  });

  it('goes on from the last save after a crash', async () => {
    const name = `crash-${objective}`;
    const onEvent = (event: TrainEvent) => {
      if (event.type === 'step' && event.step === 7) throw new Error('crash');
    };
    const crashing = toyOptions(dataset, run(name), { ...more, onEvent, saveEverySeconds: 0 });
    await expect(train(crashing)).rejects.toThrow('crash');
    await train(toyOptions(dataset, run(name), { ...more, resume: true }));
    await expectAsWhole(name);
  });
});

describe('resume', () => {
  const finished = 'finished';
  beforeAll(() => train(toyOptions(dataset, run(finished))));

  it('of a finished run returns its summary at once', async () => {
    const before = weights(run(finished));
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => void events.push(event);
    const summary = await train(toyOptions(dataset, run(finished), { resume: true, onEvent }));
    expect(summary).toMatchObject({ epochs: 3, reason: 'epochs', interrupted: false });
    expect(events).toEqual([]);
    expect(weights(run(finished)).equals(before)).toBe(true);
  });

  it('goes on for more epochs, as if they had been asked for at once', async () => {
    cpSync(run(finished), run('more'), { recursive: true });
    const summary = await train({ dataset, run: run('more'), resume: true, epochs: 4 });
    expect(summary).toMatchObject({ epochs: 4, reason: 'epochs' });
    await train(toyOptions(dataset, run('four'), { epochs: 4 }));
    expect(weights(run('more')).equals(weights(run('four')))).toBe(true);
  });

  it('starts afresh where there is no checkpoint', async () => {
    await train(toyOptions(dataset, run('fresh'), { resume: true }));
    expect(weights(run('fresh')).equals(weights(run(finished)))).toBe(true);
    rmSync(join(run('fresh'), 'last'), { recursive: true });
    const summary = await train(toyOptions(dataset, run('fresh'), { resume: true }));
    expect(summary.epochs).toBe(3);
    expect(await timelessMetrics(run('fresh'))).toEqual(await timelessMetrics(run(finished)));
  });

  it('refuses another dataset, preset or setting, naming both', async () => {
    const other = await toyDataset(folder.path, 'other', { train: [60, 52, 46] });
    const attempt = (more: object) => train({ dataset, run: run(finished), resume: true, ...more });
    const mismatch = (message: RegExp) => ({ code: 'RONDO_TRAINER_MISMATCH', message: expect.stringMatching(message) });
    await expect(attempt({ dataset: other })).rejects.toMatchObject(mismatch(/toy \(.*other \(/));
    await expect(attempt({ preset: 'small' })).rejects.toMatchObject(mismatch(/preset custom .*small/));
    await expect(attempt({ batch: 5 })).rejects.toMatchObject(mismatch(/batch 4 .*5/));
    await expect(attempt({ seed: 3 })).rejects.toMatchObject(mismatch(/seed 1 .*3/));
    await expect(attempt({ optimizer: { kind: 'rmsprop' } })).rejects.toMatchObject(mismatch(/adam.*rmsprop/));
    const head = (change: object) => (vocabulary: number) => {
      const spec = toyNetwork(vocabulary);
      return { ...spec, heads: spec.heads.map((one) => ({ ...one, ...change })) };
    };
    await expect(attempt({ network: head({ smoothing: 0.1 }) })).rejects.toMatchObject(
      mismatch(/softmax \d+ and cannot go on with .*softmax \d+ \(label smoothing 0\.1\)$/),
    );
    await expect(attempt({ network: head({ smoothing: 0 }) })).resolves.toMatchObject({ epochs: 3 });
  });

  it('with a clock: stops, evaluates, and goes on later to the same weights', async () => {
    for (const steps of [1, 2]) {
      const options = toyOptions(dataset, run('clock'), { maxMinutes: 1e-9, resume: true });
      expect(await train(options)).toMatchObject({ reason: 'time', steps, interrupted: false });
      expect((await readMetrics(run('clock'))).at(-1)).toMatchObject({ step: steps });
    }
    await train(toyOptions(dataset, run('clock'), { resume: true }));
    expect(weights(run('clock')).equals(weights(run(finished)))).toBe(true);
  });

  it('a signal that is aborted already costs nothing but a save', async () => {
    const summary = await train(toyOptions(dataset, run('early'), { signal: AbortSignal.abort() }));
    expect(summary).toMatchObject({ interrupted: true, steps: 0, best: null });
    await train(toyOptions(dataset, run('early'), { resume: true }));
    expect(weights(run('early')).equals(weights(run(finished)))).toBe(true);
  });

  it.each([
    [{ epochs: 0 }, /^epochs: expected a whole number from 1 up, received 0$/],
    [{ patience: -3 }, /^patience: expected a whole number from 0 up, received -3$/],
    [{ learningRate: Number.NaN }, /^learningRate: expected a number above 0/],
  ])('refuses %j before anything is written, and goes on without it', async (given, message) => {
    const before = weights(run(finished));
    const attempt = train({ dataset, run: run(finished), resume: true, ...given });
    await expect(attempt).rejects.toMatchObject({
      code: 'RONDO_TRAINER_USAGE',
      message: expect.stringMatching(message),
    });
    expect(weights(run(finished)).equals(before)).toBe(true);
    expect(await train({ dataset, run: run(finished), resume: true })).toMatchObject({ reason: 'epochs' });
  });

  it('leaves a run alone that is being trained', async () => {
    const lock = await lockRun(run(finished));
    try {
      const attempt = train(toyOptions(dataset, run(finished), { overwrite: true }));
      await expect(attempt).rejects.toMatchObject({ code: 'RONDO_CHECKPOINT_LOCKED' });
      expect(existsSync(join(run(finished), 'last'))).toBe(true);
    } finally {
      await lock.release();
    }
  });

  it('refuses weights that are no numbers and leaves the checkpoints as they were', async () => {
    cpSync(run(finished), run('nan'), { recursive: true });
    await poison(run('nan'));
    const before = weights(run('nan'));
    await expect(train({ dataset, run: run('nan'), resume: true, epochs: 5 })).rejects.toMatchObject({
      code: 'RONDO_TRAINER_DIVERGED',
      message: expect.stringMatching(/not all finite numbers/),
    });
    expect(weights(run('nan')).equals(before)).toBe(true);
  });
});

/** Puts a NaN among the weights of `last`. */
async function poison(path: string): Promise<void> {
  const checkpoint = await loadCheckpoint(path, 'last', { device: 'cpu', threads: 1 });
  if (checkpoint?.training === undefined) throw new Error('no checkpoint');
  const { bundle, training } = checkpoint;
  restoreTraining(bundle.network, training);
  const tensors = bundle.network.readParameters();
  tensors.get('heads.next.bias')?.data.fill(Number.NaN);
  bundle.network.writeParameters(tensors);
  await saveCheckpoint(path, 'last', { bundle, trainerState: training.trainer });
  bundle.network.dispose();
}
