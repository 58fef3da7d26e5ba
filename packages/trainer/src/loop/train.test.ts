import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { loadBundle } from '@rondo/checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { clearNetwork, toyOptions, weights } from '../testing/toy-training.js';
import type { TrainEvent } from './events.js';
import { readMetrics } from './metrics-file.js';
import { train } from './train.js';

const folder = temporaryFolder();
const run = (name: string) => join(folder.path, name);
let dataset: string;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'toy');
});
afterAll(folder.remove);

describe('train', () => {
  it('learns what counting pairs of tokens cannot: held-out loss far below the bigram baseline', async () => {
    const events: TrainEvent[] = [];
    const summary = await train(
      toyOptions(dataset, run('learns'), {
        epochs: 70,
        network: clearNetwork,
        onEvent: (event) => void events.push(event),
      }),
    );
    expect(summary.baselines?.bigram).toBeGreaterThan(0.3);
    expect(summary.best?.validLoss).toBeLessThan(0.5 * (summary.baselines?.bigram as number));
    expect(summary).toMatchObject({
      run: run('learns'),
      epochs: 70,
      reason: 'epochs',
      interrupted: false,
      device: 'cpu',
    });
    expect(summary.tokensPerSecond).toBeGreaterThan(0);
    expect(summary.peakMemoryBytes).toBeGreaterThan(1e6);
    checkEvents(events, summary.steps);
    await checkMetrics(summary.steps);
    await checkBundles(summary.best?.validLoss as number);
  });

  function checkEvents(events: TrainEvent[], steps: number): void {
    const kinds = events.map(({ type }) => type);
    expect(kinds[0]).toBe('start');
    expect(kinds.at(-1)).toBe('end');
    expect(kinds.filter((kind) => kind === 'step')).toHaveLength(steps);
    const start = events[0] as Extract<TrainEvent, { type: 'start' }>;
    expect(start).toMatchObject({ type: 'start', steps, stepsDone: 0, threads: 1, preset: 'custom' });
    expect(start.stepsPerEpoch * 70).toBe(steps);
    expect(start.parameters).toBeGreaterThan(1000);
    const etas = events.flatMap((event) => (event.type === 'step' ? [event.etaSeconds] : []));
    expect(etas.every((eta) => eta >= 0)).toBe(true);
    expect(etas.at(-1)).toBeLessThan(Math.max(...etas));
    // No limit of time: all steps are expected from the first one on.
    expect(events.every((event) => event.type !== 'step' || event.expectedSteps === steps)).toBe(true);
  }

  async function checkMetrics(steps: number): Promise<void> {
    const lines = await readMetrics(run('learns'));
    expect(lines.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 70 }, (_, index) => index + 1));
    expect(lines.at(-1)?.step).toBe(steps);
    const keys = [
      'epoch',
      'step',
      'loss',
      'accuracy',
      'validLoss',
      'validAccuracy',
      'lr',
      'tokensPerSecond',
      'seconds',
    ];
    expect(Object.keys(lines[0] as object)).toEqual(keys);
    expect(lines[0]?.loss).toBeGreaterThan(lines.at(-1)?.loss as number);
  }

  async function checkBundles(validLoss: number): Promise<void> {
    const best = await loadBundle(run('learns'), { device: 'cpu', threads: 1 });
    best.network.dispose();
    expect(best.config).toMatchObject({ preset: 'custom', objective: 'all', sequence: 16 });
    expect(best.config.provenance.best).toMatchObject({ validLoss });
    expect(best.seeds.length).toBeGreaterThan(0);
    expect(best.seeds.every((seed) => seed[0] === best.tokenizer.bos && seed.length <= 16)).toBe(true);
    expect(existsSync(join(run('learns'), 'run.lock'))).toBe(false);
  }

  it('gives the same bytes for the same seed, with 1, 2 or too many threads, and others for another seed', async () => {
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => void events.push(event);
    await train(toyOptions(dataset, run('a')));
    await train(toyOptions(dataset, run('b')));
    await train(toyOptions(dataset, run('c'), { threads: 2 }));
    await train(toyOptions(dataset, run('e'), { threads: 1000, onEvent }));
    await train(toyOptions(dataset, run('d'), { seed: 2 }));
    expect(weights(run('b')).equals(weights(run('a')))).toBe(true);
    expect(weights(run('c')).equals(weights(run('a')))).toBe(true);
    expect(weights(run('e')).equals(weights(run('a')))).toBe(true);
    expect(weights(run('d')).equals(weights(run('a')))).toBe(false);
    expect(events[0]).toMatchObject({ type: 'warning', message: expect.stringMatching(/^1000 threads on \d+ cores/) });
    expect(events[1]).toMatchObject({ type: 'start', threads: availableParallelism() });
  });

  it('stops when held-out loss has not improved for as many evaluations as the patience says, and keeps the best', async () => {
    // A step size at which nothing can be learnt after the first epochs.
    const options = toyOptions(dataset, run('patience'), { epochs: 50, patience: 2, learningRate: 2 });
    const summary = await train(options);
    const lines = await readMetrics(run('patience'));
    expect(summary.reason).toBe('patience');
    expect(summary.epochs).toBeLessThan(50);
    expect(lines.length - (summary.best?.epoch as number)).toBe(2);
    expect(summary.best?.validLoss).toBe(Math.min(...lines.map(({ validLoss }) => validLoss as number)));
  });

  it('evaluates inside long epochs', async () => {
    await train(toyOptions(dataset, run('inside'), { epochs: 1, evaluateEvery: 3 }));
    const steps = (await readMetrics(run('inside'))).map(({ step }) => step);
    expect(steps.slice(0, 2)).toEqual([3, 6]);
  });

  it('ends after maxSteps inside an epoch, evaluated', async () => {
    const summary = await train(toyOptions(dataset, run('steps'), { maxSteps: 2 }));
    const lines = await readMetrics(run('steps'));
    expect(lines.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 2]]);
    expect(summary).toMatchObject({ steps: 2, best: { epoch: 1 }, reason: 'steps' });
    const { network, config } = await loadBundle(run('steps'), { device: 'cpu', threads: 1 });
    network.dispose();
    const stepsPerEpoch = (await train(toyOptions(dataset, run('steps-1'), { epochs: 1 }))).steps;
    expect(summary.epochs).toBe(Math.floor(200 / stepsPerEpoch) / 100);
    expect(summary.epochs).toBeGreaterThan(0);
    expect(config.provenance).toMatchObject({ epochs: summary.epochs, steps: 2 });
    expect(existsSync(join(run('steps'), 'best'))).toBe(true);
  });

  it('follows the schedule', async () => {
    const rates: number[] = [];
    const onEvent = (event: TrainEvent) => void (event.type === 'step' && rates.push(event.lr));
    await train(toyOptions(dataset, run('cosine'), { schedule: 'cosine', warmupSteps: 3, epochs: 2, onEvent }));
    expect(rates[0]).toBeCloseTo(0.01 / 3, 12);
    expect(rates[2]).toBeCloseTo(0.01, 12);
    expect(rates.at(-1)).toBeCloseTo(0.0001, 12);
  });

  it('works without anything held out, and says what is lost', async () => {
    const alone = await toyDataset(folder.path, 'alone', { valid: [] });
    const warnings: string[] = [];
    const onEvent = (event: TrainEvent) => void (event.type === 'warning' && warnings.push(event.message));
    const summary = await train(toyOptions(alone, run('alone-run'), { onEvent, epochs: 2 }));
    expect(summary.best).toBeNull();
    expect(warnings.join()).toMatch(/nothing held out/);
    expect(existsSync(join(run('alone-run'), 'last'))).toBe(true);
    expect((await readMetrics(run('alone-run')))[0]).not.toHaveProperty('validLoss');
  });
});

describe('objective last', () => {
  it('trains on windows of the tutorial’s plain chords and warns once of short pieces', async () => {
    const chords = await toyDataset(folder.path, 'chords', {
      scheme: { name: 'chord' },
      train: [60, 52, 9, 44, 8],
      valid: [50, 7],
    });
    const warnings: string[] = [];
    const onEvent = (event: TrainEvent) => void (event.type === 'warning' && warnings.push(event.message));
    const more = { objective: 'last', sequence: 10, batch: 16, epochs: 40, network: clearNetwork, onEvent } as const;
    const summary = await train(toyOptions(chords, run('windows'), more));
    expect(summary.best?.validLoss).toBeLessThan(0.5 * (summary.baselines?.bigram as number));
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/2 of 5 training pieces have no more than 10 tokens/);
    const { seeds, network } = await loadBundle(run('windows'), { device: 'cpu', threads: 1 });
    network.dispose();
    expect(seeds.map(({ length }) => length)).toEqual([10, 10, 10]);
  });

  it('refuses windows that no piece fills, leaving no folder behind', async () => {
    const more = { objective: 'last', sequence: 5000 } as const;
    await expect(train(toyOptions(dataset, run('too-long'), more))).rejects.toThrow(/use a sequence of at most/);
    expect(existsSync(run('too-long'))).toBe(false);
  });
});
