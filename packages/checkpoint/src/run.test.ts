import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBundle, loadCheckpoint, loadTrainerState, restoreTraining } from './load.js';
import { lockRun } from './run/recover.js';
import { saveCheckpoint } from './save.js';
import { disposedLater, failure, load, parameters, tiny } from './testing/open-bundles.js';
import { temporaryFolder } from './testing/temporary.js';
import { stateOf, trainTiny } from './testing/tiny-bundle.js';

describe('a run', () => {
  it('is loaded by its best, else by its last', async () => {
    const run = await temporaryFolder();
    await saveCheckpoint(run, 'last', { bundle: tiny(1), trainerState: { epoch: 1 } });
    expect((await load(run)).config.provenance.seed).toBe(1);
    await saveCheckpoint(run, 'best', { bundle: tiny(2) });
    expect((await load(run)).config.provenance.seed).toBe(2);
    expect((await load(join(run, 'last'))).config.provenance.seed).toBe(1);
  });

  it('goes on to the last bit as if it had not stopped', async () => {
    const run = await temporaryFolder();
    const straight = tiny();
    for (const salt of [1, 2, 3]) await trainTiny(straight, salt);
    const trainerState = { epoch: 2, best: null, position: { piece: 7, offset: 100 } };
    await saveCheckpoint(run, 'last', { bundle: straight, trainerState });

    const { bundle, training } = (await loadCheckpoint(run, 'last', { device: 'cpu', threads: 1, seed: 1 }))!;
    disposedLater(bundle);
    restoreTraining(bundle.network, training!);
    expect(training!.trainer).toEqual(trainerState);
    expect(stateOf(bundle)).toEqual(stateOf(straight));
    for (const salt of [4, 5]) expect(await trainTiny(bundle, salt)).toBe(await trainTiny(straight, salt));
    expect(stateOf(bundle)).toEqual(stateOf(straight));
  });

  it('without a checkpoint has none, and a plain bundle has no training state', async () => {
    const run = await temporaryFolder();
    expect(await loadCheckpoint(run)).toBeUndefined();
    expect(await loadTrainerState(join(run, 'nowhere'))).toBeUndefined();
    await saveCheckpoint(run, 'last', { bundle: tiny() });
    expect(await loadTrainerState(run)).toBeUndefined();
    expect((await failure(loadBundle(join(run, 'nowhere')))).code).toBe('RONDO_CHECKPOINT_MISSING');
  });

  it('is finished by whoever opens it after an interruption', async () => {
    const run = await temporaryFolder();
    await saveCheckpoint(run, 'last', { bundle: tiny(1) });
    await saveCheckpoint(run, 'best', { bundle: tiny(2) });
    await rename(join(run, 'last'), join(run, 'last.old'));
    await rename(join(run, 'best'), join(run, 'last.new'));
    expect((await load(run)).config.provenance.seed).toBe(2);
    expect(await readdir(run)).toEqual(['last']);
  });

  it('can be read at any moment while it is being written', async () => {
    const run = await temporaryFolder();
    const lock = await lockRun(run);
    const bundles = [1, 2].map((seed) => tiny(seed));
    await saveCheckpoint(run, 'last', { bundle: bundles[0], trainerState: { mark: 1 } });
    let writing = true;
    const writer = (async () => {
      for (let i = 1; i < 25; i++) {
        await saveCheckpoint(run, 'last', { bundle: bundles[i % 2], trainerState: { mark: (i % 2) + 1 } });
      }
    })().finally(() => (writing = false));
    let reads = 0;
    while (writing) {
      const { bundle, training } = (await loadCheckpoint(run, 'last', { device: 'cpu', threads: 1 }))!;
      const mark = bundle.config.provenance.seed as number;
      expect(training!.trainer).toEqual({ mark });
      expect(parameters(bundle)).toEqual(parameters(bundles[mark - 1]));
      bundle.network.dispose();
      reads++;
    }
    await writer;
    await lock.release();
    expect(reads).toBeGreaterThan(3);
    expect(await readdir(run)).toEqual(['last']);
  });

  it('refuses a trainer state that JSON would change', async () => {
    const run = await temporaryFolder();
    const saving = saveCheckpoint(run, 'last', { bundle: tiny(), trainerState: { best: Infinity } });
    expect((await failure(saving)).message).toContain('"best"');
  });
});
