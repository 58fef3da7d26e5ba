import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveSettings, type TrainSettings } from '../presets/settings.js';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { stopAfter, timelessMetrics, toyOptions } from '../testing/toy-training.js';
import type { Metrics, TrainEvent } from './events.js';
import type { TrainOptions } from './options.js';
import { newProgress } from './progress.js';
import { replanWarnings } from './resume.js';
import type { RunState } from './run-state.js';
import { learningRateAt } from './schedule.js';
import { train } from './train.js';

const folder = temporaryFolder();
const run = (name: string) => join(folder.path, name);
let dataset: string;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'toy');
});
afterAll(folder.remove);

describe.each(['cosine', 'linear'] as const)('with a %s schedule', (schedule) => {
  const short = `short-${schedule}`;
  const goOn = async (name: string, more: Partial<TrainOptions>) => {
    cpSync(run(short), run(name), { recursive: true });
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => void events.push(event);
    await train({ dataset, run: run(name), resume: true, onEvent, ...more });
    const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    const rates = events.flatMap((event) => (event.type === 'step' ? [event.lr] : []));
    return { warnings, rates };
  };
  beforeAll(async () => {
    await train(toyOptions(dataset, run(short), { schedule, maxSteps: 6, ...stopAfter(4) }));
  });

  it('says so when the plan is another one, and from where to where the rate goes', async () => {
    const { warnings, rates } = await goOn(`longer-${schedule}`, {});
    const last = learningRateAt({ learningRate: 0.01, schedule, warmupSteps: 0, finalShare: 0.01 }, 3, 6);
    const step = Number(
      (await timelessMetrics(run(`longer-${schedule}`))).map((line) => (line as Metrics).step).at(-1),
    );
    const figure = (rate: number) => Number(rate.toPrecision(3));
    expect(rates[0]).toBeGreaterThan(1.5 * last);
    expect(warnings).toEqual([
      expect.stringMatching(
        `^The ${schedule} schedule was laid over 6 updates and now goes over ${step}: the learning rate goes from ${figure(last)} to ${figure(rates[0] as number)},`,
      ),
    ]);
  });

  it('is silent when it is the same, and when it is taken up again', async () => {
    expect((await goOn(`same-${schedule}`, { maxSteps: 6 })).warnings).toEqual([]);
    cpSync(run(short), run(`again-${schedule}`), { recursive: true });
    await train({ dataset, run: run(`again-${schedule}`), resume: true, ...stopAfter(7) });
    const warnings: string[] = [];
    const onEvent = (event: TrainEvent) => void (event.type === 'warning' && warnings.push(event.message));
    await train({ dataset, run: run(`again-${schedule}`), resume: true, onEvent });
    expect(warnings).toEqual([]);
  });
});

it('is silent about another plan while the rate does not depend on it', () => {
  const state = (settings: Partial<TrainSettings>, step: number) =>
    ({ settings: resolveSettings(settings), plannedSteps: 6, progress: { ...newProgress(), step } }) as RunState;
  const warnings = (settings: Partial<TrainSettings>, step: number) =>
    replanWarnings(state(settings, step), resolveSettings(settings), 60);
  expect(warnings({ schedule: 'constant' }, 5)).toEqual([]);
  expect(warnings({ schedule: 'cosine' }, 0)).toEqual([]);
  expect(warnings({ schedule: 'cosine', warmupSteps: 3 }, 3)).toEqual([]);
  expect(warnings({ schedule: 'cosine', warmupSteps: 3 }, 5)).toHaveLength(1);
  expect(warnings({ schedule: 'linear' }, 6)).toHaveLength(1);
});
