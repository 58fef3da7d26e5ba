import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadBundle } from '@rondo/checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import type { TuneEvent } from './events.js';
import type { TuneOptions } from './options.js';
import { readStudy, type StudyState } from './study.js';
import { tune } from './tune.js';

const folder = temporaryFolder();
const study = (name: string) => join(folder.path, name);
let dataset: string;
let reference: StudyState;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'toy');
});
afterAll(folder.remove);

const toy = (name: string, more: Partial<TuneOptions> = {}): TuneOptions => ({
  dataset,
  out: study(name),
  trials: 4,
  epochs: 4,
  reduction: 2,
  device: 'cpu',
  threads: 1,
  space: { layers: [1, 2], units: [8, 24], embedding: 8, sequence: [8, 16], batch: 4, learningRate: [1e-3, 2e-2] },
  ...more,
});

/** What was found, without what clocks say. */
const findings = ({ trials, options }: StudyState) => ({
  options,
  trials: trials.map((trial) => ({
    ...trial,
    results: trial.results.map(({ seconds, ...rest }) => [seconds > 0, rest]),
  })),
});

describe('tune', () => {
  it('halves the trials, trains the best one to the end and leaves its model', async () => {
    const events: TuneEvent[] = [];
    const summary = await tune(toy('a', { onEvent: (event) => void events.push(event) }));
    reference = (await readStudy(study('a'))) as StudyState;
    expect(reference.trials.map(({ results }) => results.length).sort()).toEqual([1, 1, 2, 3]);
    expect(summary).toMatchObject({ reason: 'done', interrupted: false, failed: [] });
    expect(summary.trials.map(({ rungs }) => rungs)).toEqual([3, 2, 1, 1]);
    const first = reference.trials.flatMap(({ results }) => results.filter(({ rung }) => rung === 0));
    const least = Math.min(...first.map(({ validLoss }) => validLoss));
    expect(reference.trials[(summary.best?.trial as number) - 1]?.results[0]?.validLoss).toBeLessThanOrEqual(
      [...first].sort((a, b) => a.validLoss - b.validLoss)[1]?.validLoss as number,
    );
    expect(summary.best?.validLoss).toBeLessThan(least);
    expect(summary.best?.epochs).toBe(4);
    const bundle = await loadBundle(study('a'), { device: 'cpu', threads: 1 });
    expect(bundle.network.parameterCount).toBe(summary.best?.parameters);
    bundle.network.dispose();
    const losers = summary.trials.slice(1).map(({ trial }) => join(study('a'), 'trials', `000${trial}`));
    expect(losers.map((run) => existsSync(join(run, 'last')))).toEqual([false, false, false]);
    expect(losers.every((run) => existsSync(join(run, 'metrics.jsonl')))).toBe(true);
    expect(events[0]).toMatchObject({ type: 'study', epochsDone: 0, epochs: 4 * 1 + 2 * 1 + 1 * 2 });
    expect(events.filter(({ type }) => type === 'result')).toHaveLength(7);
  });

  it('finds the same after an interruption at any point', async () => {
    for (let sitting = 0, done = false; !done; sitting++) {
      const controller = new AbortController();
      let steps = 0;
      const onEvent = (event: TuneEvent) => {
        if (event.type === 'training' && event.event.type === 'step' && ++steps === 23) controller.abort();
      };
      const summary = await tune(toy('b', { resume: true, signal: controller.signal, onEvent }));
      done = summary.reason === 'done';
      expect(sitting).toBeLessThan(20);
    }
    expect(findings((await readStudy(study('b'))) as StudyState)).toEqual(findings(reference));
    const model = (name: string) => readFile(join(study(name), 'best', 'model.safetensors'));
    expect((await model('b')).equals(await model('a'))).toBe(true);
  });

  it('keeps on without the trials that fail, and fails when all do', async () => {
    const space = { layers: 1, units: 8, embedding: 8, sequence: [8, 5000], batch: 4, learningRate: 1e-2 };
    const more = { objective: 'last', epochs: 1, space, trials: 5 } as const;
    const summary = await tune(toy('fails', more));
    expect(summary.failed.length).toBeGreaterThan(0);
    expect(summary.failed.length + summary.trials.length).toBe(5);
    expect(summary.failed[0]?.reason).toMatch(/use a sequence of at most/);
    await expect(tune(toy('all-fail', { ...more, space: { ...space, sequence: 5000 } }))).rejects.toThrow(
      /None of the 5 trials could be trained; the first one: /,
    );
  });

  it('refuses to lose or to mix studies', async () => {
    await expect(tune(toy('a'))).rejects.toThrow(/already holds a study; go on with --resume/);
    await expect(tune(toy('a', { resume: true, seed: 9 }))).rejects.toThrow(
      /begun with seed 1 and cannot go on with 9/,
    );
    await expect(tune(toy('a', { resume: true, overwrite: true }))).rejects.toThrow(/not both/);
    await writeFile(join(study('fails'), 'study.json'), '{"format":"rondo-study"');
    await expect(tune(toy('fails', { resume: true }))).rejects.toThrow(/is not a study that can be taken up/);
  });

  it('needs something held out', async () => {
    const alone = await toyDataset(folder.path, 'alone', { valid: [] });
    await expect(tune(toy('alone-study', { dataset: alone }))).rejects.toThrow(/this dataset holds nothing out/);
  });
});
