import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { toyNetwork, toyOptions, weights } from '../testing/toy-training.js';
import { readMetrics } from './metrics-file.js';
import { train } from './train.js';

const folder = temporaryFolder();
const run = (name: string) => join(folder.path, name);
let dataset: string;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'toy');
});
afterAll(folder.remove);

describe('wrong usage', () => {
  it.each([
    [{ bacth: 3 }, /Unknown training option bacth/],
    [{ network: undefined, preset: 'tiny' }, /no preset "tiny"/],
    [{ network: undefined, preset: 'bilstm', objective: 'all' }, /bidirectional/],
    [{ resume: true, overwrite: true }, /either resume or overwrite/],
    [{ epochs: 0 }, /^epochs: expected a whole number from 1 up, received 0$/],
    [{ maxSteps: 0 }, /^maxSteps: expected a whole number from 1 up, received 0$/],
    [{ maxMinutes: 0 }, /^maxMinutes: expected a number above 0, received 0$/],
    [{ maxMinutes: Number.NaN }, /^maxMinutes: expected a number above 0, received NaN$/],
    [{ threads: 1.5 }, /^threads: expected a whole number from 1 up, received 1.5$/],
    [{ saveEverySeconds: -1 }, /^saveEverySeconds: expected a number from 0 up, received -1$/],
  ] as const)('%j', async (more, message) => {
    const attempt = train(toyOptions(dataset, run('wrong'), more as object));
    await expect(attempt).rejects.toMatchObject({
      code: 'RONDO_TRAINER_USAGE',
      message: expect.stringMatching(message),
    });
    expect(existsSync(run('wrong'))).toBe(false);
  });

  it('never touches a run that is there unless told so', async () => {
    await train(toyOptions(dataset, run('there'), { epochs: 1 }));
    const before = weights(run('there'));
    await expect(train(toyOptions(dataset, run('there'), { epochs: 1, seed: 9 }))).rejects.toMatchObject({
      code: 'RONDO_TRAINER_RUN_EXISTS',
      message: expect.stringMatching(/--resume.*--overwrite/),
    });
    expect(weights(run('there')).equals(before)).toBe(true);
    await train(toyOptions(dataset, run('there'), { epochs: 1, seed: 9, overwrite: true }));
    expect(weights(run('there')).equals(before)).toBe(false);
    expect(
      readFileSync(join(run('there'), 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(1);
  });

  it('never touches a run that another process left while this one was getting ready', async () => {
    await train(toyOptions(dataset, run('other'), { epochs: 1 }));
    // The network is asked for after the first look at the folder and before its lock is taken.
    const meanwhile = (name: string) => (vocabulary: number) => {
      if (!existsSync(run(name))) cpSync(run('other'), run(name), { recursive: true });
      return toyNetwork(vocabulary);
    };
    const before = weights(run('other'));
    const attempt = train(toyOptions(dataset, run('raced'), { epochs: 1, seed: 9, network: meanwhile('raced') }));
    await expect(attempt).rejects.toMatchObject({ code: 'RONDO_TRAINER_RUN_EXISTS' });
    expect(weights(run('raced')).equals(before)).toBe(true);
    expect(existsSync(join(run('raced'), 'run.lock'))).toBe(false);
    const more = { epochs: 2, resume: true, network: meanwhile('taken-up') };
    expect(await train(toyOptions(dataset, run('taken-up'), more))).toMatchObject({ epochs: 2 });
    const kept = (await readMetrics(run('other')))[0];
    expect((await readMetrics(run('taken-up')))[0]).toEqual(kept);
  });
});
