import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES } from './bundle/files.js';
import { saveBundle } from './save.js';
import { failure, load, parameters, tiny } from './testing/open-bundles.js';
import { snapshot, temporaryFolder } from './testing/temporary.js';
import { tinyTokenizer, trainTiny } from './testing/tiny-bundle.js';

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

  it('with a tied head and smoothed labels comes back with both, and with the table once', async () => {
    const dir = join(await temporaryFolder(), 'model');
    const before = tiny(1, tinyTokenizer(), { tied: 'tokens', smoothing: 0.1 });
    await trainTiny(before, 1);
    await saveBundle(dir, before);
    const after = await load(dir);
    expect(after.config.spec.heads).toEqual([expect.objectContaining({ tied: 'tokens', smoothing: 0.1 })]);
    expect([...parameters(after).keys()].filter((name) => name.startsWith('heads.'))).toEqual(['heads.next.bias']);
    expect(parameters(after)).toEqual(parameters(before));
  });

  it('made before there was label smoothing is read as it was', async () => {
    const dir = join(await temporaryFolder(), 'model');
    const before = tiny();
    await saveBundle(dir, before);
    const file = join(dir, FILES.config);
    const text = await readFile(file, 'utf8');
    const older = text.replace(/,\s*"smoothing": 0/, '');
    expect(older.length).toBeLessThan(text.length);
    await writeFile(file, older);
    const after = await load(dir);
    expect(parameters(after)).toEqual(parameters(before));
    expect(after.config).toEqual(before.config);
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

  it('that is given up leaves the older one, and nothing beside it', async () => {
    const folder = await temporaryFolder();
    const dir = join(folder, 'model');
    const before = tiny(1);
    await saveBundle(dir, before);
    const controller = new AbortController();
    const onStep = (step: string) => {
      if (step === 'begun') controller.abort();
    };
    const attempt = saveBundle(dir, tiny(2), { signal: controller.signal, onStep });
    await expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual(['model']);
    expect(parameters(await load(dir))).toEqual(parameters(before));
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
