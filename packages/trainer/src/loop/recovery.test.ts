import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBundle } from '@rondo/checkpoint';
import type { NetworkSpec } from '@rondo/core-native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { stopAfter, timelessMetrics, toyOptions, weights } from '../testing/toy-training.js';
import type { RecoveryEvent, TrainEvent } from './events.js';
import { readRecoveries } from './metrics-file.js';
import type { TrainOptions } from './options.js';
import { train } from './train.js';

const folder = temporaryFolder();
const run = (name: string) => join(folder.path, name);
let dataset: string;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'toy');
});
afterAll(folder.remove);

/** So many linear layers that a rate which is too high makes their product overflow. */
const deep =
  (layers: number) =>
  (vocabulary: number): NetworkSpec => ({
    inputs: [{ kind: 'embedding', name: 'tokens', vocabulary, units: 8 }],
    layers: [
      { kind: 'lstm', units: 16 },
      ...Array<NetworkSpec['layers'][0]>(layers).fill({ kind: 'dense', units: 16 }),
    ],
    heads: [{ kind: 'softmax', name: 'next', vocabulary }],
  });

/** Learns in its first epochs, while the rate rises; then explodes. */
function explosive(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  const settings = { learningRate: 0.3, warmupSteps: 60, clipNorm: 0, epochs: 8 };
  return toyOptions(dataset, run(name), { network: deep(20), ...settings, ...more });
}

/** Explodes at any rate that it may still have after three recoveries. */
const hopeless = (name: string, more: Partial<TrainOptions> = {}) =>
  explosive(name, { network: deep(60), learningRate: 10, warmupSteps: 0, ...more });

/** All lines of the metrics, recoveries included, without what clocks say. */
function lines(name: string): object[] {
  const text = readFileSync(join(run(name), 'metrics.jsonl'), 'utf8').trim();
  const timeless = (key: string, value: unknown) => (['seconds', 'tokensPerSecond'].includes(key) ? undefined : value);
  return text.split('\n').map((line) => JSON.parse(line, timeless) as object);
}

function recorded(): { recoveries: RecoveryEvent[]; onEvent: (event: TrainEvent) => void } {
  const recoveries: RecoveryEvent[] = [];
  return { recoveries, onEvent: (event) => void (event.type === 'recovery' && recoveries.push(event)) };
}

describe('a training whose numbers go bad', () => {
  const { recoveries, onEvent } = recorded();
  beforeAll(() => train(explosive('whole', { onEvent })));

  it('goes back to the last good evaluation with a quarter of the rate, learns on, and records it', async () => {
    expect(recoveries).toMatchObject([{ recovery: 1, figure: 'loss', left: 2 }]);
    const [{ backTo, step, lr }] = recoveries as [RecoveryEvent];
    expect(backTo).toBeLessThan(step);
    const metrics = await timelessMetrics(run('whole'));
    const before = metrics.find((line) => 'step' in line && line.step === backTo) as { lr: number; validLoss: number };
    expect(lr).toBeCloseTo((0.3 * (backTo + 1)) / 60 / 4, 12);
    expect(await readRecoveries(run('whole'))).toMatchObject([{ recovery: 1, figure: 'loss', backTo, step, lr }]);
    // The next evaluation is one of a network that has learnt from there.
    const again = lines('whole');
    const next = again[again.findIndex((line) => 'recovery' in line) + 1] as { step: number; validLoss: number };
    expect(next.step).toBeGreaterThan(backTo);
    expect(next.validLoss).toBeLessThan(before.validLoss);
  });

  it('tells so in its summary, and needs no state to go back to when it has ended', async () => {
    const summary = await train(explosive('whole', { resume: true }));
    expect(summary).toMatchObject({ recoveries: 1, epochs: 8, reason: 'epochs' });
    expect(existsSync(join(run('whole'), 'good'))).toBe(false);
  });

  it('ends with the same bits wherever it was stopped, before, during and after going back', async () => {
    const [{ backTo, step }] = recoveries as [RecoveryEvent];
    const stops: ((event: TrainEvent) => boolean)[] = [
      (event) => event.type === 'step' && event.step === step - 3,
      (event) => event.type === 'recovery',
      (event) => event.type === 'step' && event.step === backTo + 2,
      (event) => event.type === 'step' && event.step === step + 5,
    ];
    for (const stop of stops)
      expect(await train(explosive('pieces', { ...stopAfter(stop), resume: true }))).toMatchObject({
        reason: 'interrupted',
      });
    await train(explosive('pieces', { resume: true }));
    expect(weights(run('pieces')).equals(weights(run('whole')))).toBe(true);
    expect(weights(run('pieces'), 'best').equals(weights(run('whole'), 'best'))).toBe(true);
    expect(lines('pieces')).toEqual(lines('whole'));
  });

  it('does the same after a crash that lost everything since a save long ago', async () => {
    const crash = (due: (event: TrainEvent) => boolean) => ({
      onEvent: (event: TrainEvent) => {
        if (due(event)) throw new Error('crash');
      },
    });
    const [{ backTo }] = recoveries as [RecoveryEvent];
    const stop = stopAfter(backTo - 2);
    await train(explosive('crash', stop));
    let recovered = false;
    const due = (event: TrainEvent) => {
      recovered ||= event.type === 'recovery';
      return recovered && event.type === 'step' && event.step === backTo + 4;
    };
    await expect(train(explosive('crash', { ...crash(due), resume: true }))).rejects.toThrow('crash');
    await train(explosive('crash', { resume: true }));
    expect(weights(run('crash')).equals(weights(run('whole')))).toBe(true);
    expect(lines('crash')).toEqual(lines('whole'));
  });

  it('gives up after the third time, in one line, and leaves a best model and a run to go on with', async () => {
    const { recoveries: tries, onEvent: record } = recorded();
    const failure = await train(hopeless('hopeless', { onEvent: record })).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'RONDO_TRAINER_DIVERGED' });
    expect((failure as Error).message).toMatch(/lowered 3 times from 10; .* best .* can be used.*--resume/);
    expect((failure as Error).message).not.toContain('\n');
    expect(tries.map(({ recovery, left }) => [recovery, left])).toEqual([
      [1, 2],
      [2, 1],
      [3, 0],
    ]);
    const best = await loadBundle(run('hopeless'), { device: 'cpu', threads: 1 });
    for (const { data } of best.network.readParameters().values()) expect(data.every(Number.isFinite)).toBe(true);
    best.network.dispose();
    await expect(train(hopeless('hopeless', { resume: true }))).rejects.toMatchObject({
      code: 'RONDO_TRAINER_DIVERGED',
    });
    const rescued = await train(hopeless('hopeless', { resume: true, learningRate: 1e-4 }));
    expect(rescued).toMatchObject({ reason: 'epochs', recoveries: 3 });
    expect(Number.isFinite(rescued.best?.validLoss)).toBe(true);
  });

  it('notices weights that are no numbers where nothing is held out', async () => {
    const alone = await toyDataset(folder.path, 'alone', { valid: [] });
    const { recoveries: tries, onEvent: record } = recorded();
    const failure = await train(hopeless('alone-run', { dataset: alone, onEvent: record })).catch((e: unknown) => e);
    expect(failure).toMatchObject({ code: 'RONDO_TRAINER_DIVERGED' });
    expect(tries).toHaveLength(3);
    const last = await loadBundle(run('alone-run'), { device: 'cpu', threads: 1 });
    for (const { data } of last.network.readParameters().values()) expect(data.every(Number.isFinite)).toBe(true);
    last.network.dispose();
  });
});
