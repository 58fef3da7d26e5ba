import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES } from './bundle/files.js';
import { CheckpointError } from './errors.js';
import { loadBundle, loadCheckpoint, loadTrainerState } from './load.js';
import { saveBundle, saveCheckpoint } from './save.js';
import { failure, load, tiny } from './testing/open-bundles.js';
import { snapshot, temporaryFolder, truncateFile } from './testing/temporary.js';
import { tinyTokenizer } from './testing/tiny-bundle.js';

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
