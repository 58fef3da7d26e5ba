import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBundle } from '@rondo/checkpoint';
import type { NetworkSpec } from '@rondo/core-native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { stopAfter, toyOptions, weights } from '../testing/toy-training.js';
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

  // Which figure goes bad first, and where, depends on the instruction set's order of additions.
  it('goes back to the last good evaluation with a quarter of the rate, trains on, and records it', async () => {
    expect(recoveries.length).toBeGreaterThan(0);
    const metrics = lines('whole') as ({ step: number; lr: number; validLoss: number } | RecoveryEvent)[];
    for (const [index, { recovery, figure, backTo, step, lr, left }] of recoveries.entries()) {
      expect([recovery, left]).toEqual([index + 1, 2 - index]);
      expect(['loss', 'gradient', 'held-out loss']).toContain(figure);
      expect(backTo).toBeLessThan(step);
      expect(lr).toBeCloseTo((0.3 * Math.min(1, (backTo + 1) / 60)) / 4 ** recovery, 12);
      const place = metrics.findIndex((line) => 'recovery' in line && line.recovery === recovery);
      const before = metrics.slice(0, place).filter((line) => 'validLoss' in line);
      expect(before.some((line) => line.step === backTo)).toBe(true);
      const next = metrics[place + 1] as { step: number; validLoss: number };
      expect(next.step).toBeGreaterThan(backTo);
      expect(Number.isFinite(next.validLoss)).toBe(true);
    }
    expect(await readRecoveries(run('whole'))).toEqual(
      recoveries.map(({ epoch, step, recovery, figure, backTo, lr }) => ({
        epoch,
        step,
        recovery,
        figure,
        backTo,
        lr,
      })),
    );
  });

  it('tells so in its summary, and needs no state to go back to when it has ended', async () => {
    const summary = await train(explosive('whole', { resume: true }));
    expect(summary).toMatchObject({ recoveries: recoveries.length, epochs: 8, reason: 'epochs' });
    expect(existsSync(join(run('whole'), 'good'))).toBe(false);
  });

  it('ends with the same bits wherever it was stopped, before, during and after going back', async () => {
    const { backTo, step } = recoveries[0] as RecoveryEvent;
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
    const { backTo } = recoveries[0] as RecoveryEvent;
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
