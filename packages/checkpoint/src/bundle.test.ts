import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Bundle } from './bundle/bundle.js';
import { FILES } from './bundle/files.js';
import { CheckpointError } from './errors.js';
import { loadBundle, loadCheckpoint, loadTrainerState, restoreTraining } from './load.js';
import { lockRun } from './run/recover.js';
import { saveBundle, saveCheckpoint } from './save.js';
import { snapshot, temporaryFolder, truncateFile } from './testing/temporary.js';
import { stateOf, tinyBundle, tinyTokenizer, trainTiny } from './testing/tiny-bundle.js';

const open: Bundle[] = [];
afterEach(() => open.splice(0).forEach(({ network }) => network.dispose()));

function tiny(...args: Parameters<typeof tinyBundle>): Bundle {
  const bundle = tinyBundle(...args);
  open.push(bundle);
  return bundle;
}

async function load(path: string): Promise<Bundle> {
  const bundle = await loadBundle(path, { device: 'cpu', threads: 1 });
  open.push(bundle);
  return bundle;
}

async function failure(promise: Promise<unknown>): Promise<CheckpointError> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CheckpointError);
  expect((error as Error).message).not.toContain('\n');
  return error as CheckpointError;
}

const parameters = (bundle: Bundle) => bundle.network.readParameters();

describe('a bundle', () => {
  it('comes back with the same weights, vocabulary, config and seed windows', async () => {
    const dir = join(await temporaryFolder(), 'deep', 'model');
    const before = tiny();
    await trainTiny(before, 1); // moving statistics differ from their start
    await saveBundle(dir, before);
    expect((await readdir(dir)).sort()).toEqual([FILES.config, FILES.weights, FILES.seeds, FILES.tokenizer].sort());
    const after = await load(dir);
    expect(parameters(after)).toEqual(parameters(before));
    expect(after.config).toEqual(before.config);
    expect(after.seeds).toEqual(before.seeds);
    expect(after.tokenizer.fingerprint).toBe(before.tokenizer.fingerprint);
  });

  it('has the same bytes when it is saved again', async () => {
    const dir = await temporaryFolder();
    await saveBundle(join(dir, 'a'), tiny());
    await saveBundle(join(dir, 'b'), await load(join(dir, 'a')));
    expect(await snapshot(join(dir, 'b'))).toEqual(await snapshot(join(dir, 'a')));
  });

  it('holds the weights of the moment of the call, though training goes on', async () => {
    const dir = join(await temporaryFolder(), 'model');
    const bundle = tiny();
    const before = parameters(bundle);
    const saving = saveBundle(dir, bundle);
    await trainTiny(bundle, 1);
    await saving;
    expect(parameters(await load(dir))).toEqual(before);
    expect(parameters(bundle)).not.toEqual(before);
  });

  it('is written in the order of the calls, one after the other', async () => {
    const dir = join(await temporaryFolder(), 'model');
    const bundles = [1, 2, 3].map((seed) => tiny(seed));
    await Promise.all(bundles.map((bundle) => saveBundle(dir, bundle)));
    expect((await load(dir)).config.provenance.seed).toBe(3);
  });

  it('is not written with a tokenizer that its config does not name', async () => {
    const dir = await temporaryFolder();
    const bundle = { ...tiny(), tokenizer: tinyTokenizer(50) };
    expect((await failure(saveBundle(join(dir, 'model'), bundle))).code).toBe('RONDO_CHECKPOINT_VOCABULARY');
    expect(await readdir(dir)).toEqual([]);
  });
});

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
    open.push(bundle);
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

describe('a damaged bundle', () => {
  async function saved(): Promise<string> {
    const dir = join(await temporaryFolder(), 'model');
    await saveBundle(dir, tiny(), { trainerState: { epoch: 1 } });
    return dir;
  }

  it('cut in half anywhere gives one typed line and stays as it is', async () => {
    const dir = await saved();
    const whole = join(dir, '..', 'whole');
    await mkdir(whole);
    for (const name of await readdir(dir)) await copyFile(join(dir, name), join(whole, name));
    for (const name of [FILES.config, FILES.tokenizer, FILES.seeds, FILES.weights]) {
      const { length } = await readFile(join(whole, name));
      for (const bytes of [0, 1, 7, 8, 9, Math.floor(length / 2), length - 2]) {
        await copyFile(join(whole, name), join(dir, name));
        await truncateFile(join(dir, name), bytes);
        const before = await snapshot(dir);
        const { code, message } = await failure(loadBundle(dir));
        expect(['RONDO_CHECKPOINT_TRUNCATED', 'RONDO_CHECKPOINT_CORRUPT'], `${name} cut at ${bytes}`).toContain(code);
        expect(message).toContain(name);
        expect(await snapshot(dir)).toEqual(before);
      }
      await copyFile(join(whole, name), join(dir, name));
    }
  });

  it('with a cut optimiser state still makes music but does not train on', async () => {
    const run = await temporaryFolder();
    await saveCheckpoint(run, 'last', { bundle: tiny(), trainerState: { epoch: 1 } });
    for (const [name, bytes] of Object.entries({ [FILES.optimizer]: 300, [FILES.trainer]: 20 })) {
      const path = join(run, 'last', name);
      const whole = await readFile(path);
      await truncateFile(path, bytes);
      expect((await failure(loadCheckpoint(run))).message).toContain(name);
      expect((await failure(loadTrainerState(run))).message).toContain(name);
      expect((await load(run)).config.preset).toBe('tiny');
      await writeFile(path, whole);
    }
  });

  it('without one of its files says which', async () => {
    for (const name of [FILES.config, FILES.tokenizer, FILES.seeds, FILES.weights]) {
      const dir = await saved();
      await rm(join(dir, name));
      const { code, message } = await failure(loadBundle(dir));
      expect(code).toBe('RONDO_CHECKPOINT_MISSING');
      expect(message).toContain(name);
    }
  });

  it('with flipped bits is loaded or refused with a typed error, never anything else', async () => {
    const dir = await saved();
    for (const name of [FILES.config, FILES.tokenizer, FILES.seeds, FILES.weights]) {
      const bytes = await readFile(join(dir, name));
      for (let i = 0; i < 40; i++) {
        const flipped = Buffer.from(bytes);
        flipped[(i * 7919) % Math.min(bytes.length, 1500)] ^= 1 << i % 8;
        await writeFile(join(dir, name), flipped);
        await loadBundle(dir, { device: 'cpu', threads: 1 }).then(
          ({ network }) => network.dispose(),
          (error: unknown) => expect(error).toBeInstanceOf(CheckpointError),
        );
      }
      await writeFile(join(dir, name), bytes);
    }
  });

  it('of a newer format says to update', async () => {
    const dir = await saved();
    const config = JSON.parse(await readFile(join(dir, FILES.config), 'utf8')) as object;
    await writeFile(
      join(dir, FILES.config),
      JSON.stringify({ ...config, formatVersion: 2, rondoVersion: '9.0.0', more: 1 }),
    );
    const { code, message } = await failure(loadBundle(dir));
    expect(code).toBe('RONDO_CHECKPOINT_VERSION');
    expect(message).toContain('9.0.0');
  });

  it('that claims a giant network is refused before anything is allocated', async () => {
    const dir = await saved();
    const text = await readFile(join(dir, FILES.config), 'utf8');
    await writeFile(join(dir, FILES.config), text.replace('"units": 4', '"units": 1000000'));
    expect((await failure(loadBundle(dir))).code).toBe('RONDO_CHECKPOINT_WEIGHTS');
  });

  it('with the weights of another shape of the same size names the tensor', async () => {
    const dir = await saved();
    const text = await readFile(join(dir, FILES.weights), 'latin1');
    const changed = text.replace('layers.0.bias', 'layers.0.bogu');
    await writeFile(join(dir, FILES.weights), Buffer.from(changed, 'latin1'));
    const { code, message } = await failure(loadBundle(dir));
    expect(code).toBe('RONDO_CHECKPOINT_WEIGHTS');
    expect(message).toContain('layers.0.bias');
  });
});

describe('a full disk', () => {
  it('gives one line and leaves the older bundle alone', async (context) => {
    const disk = join(await temporaryFolder(), 'disk');
    await mkdir(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk]);
    if (mounted.status !== 0) return context.skip('a small disk can be mounted only by root');
    try {
      await saveBundle(join(disk, 'model'), tiny(1));
      await writeFile(join(disk, 'filler'), Buffer.alloc(128 << 10)).catch(() => {}); // as much as fits
      const before = await snapshot(disk);
      const { code, message } = await failure(saveBundle(join(disk, 'model'), tiny(2)));
      expect(code).toBe('RONDO_CHECKPOINT_DISK_FULL');
      expect(message).toContain(join(disk, 'model'));
      expect(await snapshot(disk)).toEqual(before);
      expect((await load(join(disk, 'model'))).config.provenance.seed).toBe(1);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

describe('a foreign vocabulary', () => {
  it('names both sides', async () => {
    const dir = await temporaryFolder();
    await saveBundle(join(dir, 'a'), tiny());
    await saveBundle(join(dir, 'b'), tiny(1, tinyTokenizer(50)));
    await copyFile(join(dir, 'b', FILES.tokenizer), join(dir, 'a', FILES.tokenizer));
    const { code, message } = await failure(loadBundle(join(dir, 'a')));
    expect(code).toBe('RONDO_CHECKPOINT_VOCABULARY');
    expect(message).toContain(tinyTokenizer(60).fingerprint.slice(0, 12));
    expect(message).toContain(tinyTokenizer(50).fingerprint.slice(0, 12));
  });

  it('is found where somebody edited the tokens', async () => {
    const dir = join(await temporaryFolder(), 'a');
    await saveBundle(dir, tiny());
    const text = await readFile(join(dir, FILES.tokenizer), 'utf8');
    await writeFile(join(dir, FILES.tokenizer), text.replace('"Pitch_60"', '"Pitch_61"'));
    expect((await failure(loadBundle(dir))).code).toBe('RONDO_CHECKPOINT_VOCABULARY');
  });
});

describe('a model that is not there', () => {
  it.each(['', 'nowhere', 'file.mid', 'empty'])('is named: %s', async (name) => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'file.mid'), 'MThd');
    await mkdir(join(dir, 'empty'));
    const { code, message } = await failure(loadBundle(join(dir, name)));
    expect(code).toBe('RONDO_CHECKPOINT_MISSING');
    expect(message).toContain(join(dir, name));
  });

  it('does not come into being by looking for it', async () => {
    const dir = await temporaryFolder();
    await failure(loadBundle(join(dir, 'nowhere')));
    expect(await readdir(dir)).toEqual([]);
  });
});
