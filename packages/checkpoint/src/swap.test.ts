import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILES } from './bundle/files.js';
import { exists, writeDurably, writeFolder } from './durable.js';
import { currentFolder, recoverFolder, swapFolder, type SwapStep } from './swap.js';
import { compileSources, ended, firstLine, startChild } from './testing/child.js';
import { snapshot, temporaryFolder, truncateFile } from './testing/temporary.js';
import { markedFiles, readMark } from './testing/tiny-folder.js';

const STEPS: SwapStep[] = ['begun', 'written', 'oldAside', 'newInPlace', 'oldDeleted'];

function save(target: string, mark: number): Promise<void> {
  return swapFolder(target, (folder) => writeFolder(folder, markedFiles(mark)));
}

describe('swapping a folder', () => {
  it('replaces it and leaves nothing beside it', async () => {
    const dir = await temporaryFolder();
    for (const mark of [1, 2, 3]) {
      await save(join(dir, 'last'), mark);
      expect(await readMark(join(dir, 'last'))).toBe(mark);
      expect(await readdir(dir)).toEqual(['last']);
    }
  });

  // Only a kernel that has a full device can run out of space on demand.
  it.skipIf(!existsSync('/dev/full'))(
    'keeps the old one when writing fails, and takes away what was written',
    async () => {
      const dir = await temporaryFolder();
      await save(join(dir, 'last'), 1);
      const before = await snapshot(dir);
      const failing = swapFolder(join(dir, 'last'), async (folder) => {
        await writeFolder(folder, new Map([...markedFiles(2)].slice(0, 2)));
        await writeDurably('/dev/full', [new Uint8Array(1 << 20)]); // the kernel's own ENOSPC
      });
      await expect(failing).rejects.toMatchObject({ code: 'RONDO_CHECKPOINT_DISK_FULL' });
      expect(await snapshot(dir)).toEqual(before);
    },
  );

  it('never touches a folder with other files in it', async () => {
    const dir = await temporaryFolder();
    for (const name of ['last', 'last.new', 'last.old']) {
      await mkdir(join(dir, name));
      await writeFile(join(dir, name, 'thesis.txt'), 'precious');
      await expect(save(join(dir, 'last'), 1)).rejects.toMatchObject({ code: 'RONDO_CHECKPOINT_OCCUPIED' });
      expect(await snapshot(dir)).toEqual({ [`${name}/thesis.txt`]: Buffer.from('precious').toString('base64') });
      await rm(join(dir, name), { recursive: true });
    }
  });

  it("leaves somebody's model.old beside model alone", async () => {
    const dir = await temporaryFolder();
    await writeFolder(join(dir, 'model.old'), markedFiles(9));
    await save(join(dir, 'model'), 1);
    await save(join(dir, 'model'), 2);
    expect(await readMark(join(dir, 'model.old'))).toBe(9);
    expect((await readdir(dir)).sort()).toEqual(['model', 'model.old']);
  });
});

describe('what an interruption leaves', () => {
  /** Builds the folders by name → mark; a negative mark is a folder whose writing was cut off. */
  async function build(folders: Record<string, number>): Promise<string> {
    const dir = await temporaryFolder();
    for (const [name, mark] of Object.entries(folders)) {
      await writeFolder(join(dir, name), markedFiles(Math.abs(mark)));
      if (mark < 0) await truncateFile(join(dir, name, FILES.weights), 500);
    }
    return dir;
  }

  const states: [string, Record<string, number>, number | undefined][] = [
    ['nothing', {}, undefined],
    ['no interruption', { last: 1 }, 1],
    ['half a new one', { last: 1, 'last.new': -2 }, 1],
    ['a whole new one, no rename yet', { last: 1, 'last.new': 2 }, 1],
    ['between the renames', { 'last.old': 1, 'last.new': 2 }, 2],
    ['between the renames, but the disk lost part of the new one', { 'last.old': 1, 'last.new': -2 }, 1],
    ['the old one aside alone', { 'last.old': 1 }, 1],
    ['both renames, old one not deleted', { last: 2, 'last.old': 1 }, 2],
    ['half of a first save', { 'last.new': -1 }, undefined],
    ['a whole first save, not renamed', { 'last.new': 1 }, 1],
  ];
  it.each(states)('%s: readers and recovery see one whole version', async (_, folders, expected) => {
    const dir = await build(folders);
    const before = await snapshot(dir);
    const seen = await currentFolder(join(dir, 'last'));
    expect(seen === undefined ? undefined : await readMark(seen)).toBe(expected);
    expect(await snapshot(dir)).toEqual(before); // looking changes nothing

    await recoverFolder(join(dir, 'last'));
    expect(await readdir(dir)).toEqual(expected === undefined ? [] : ['last']);
    if (expected !== undefined) expect(await readMark(join(dir, 'last'))).toBe(expected);
    expect(await recoverFolder(join(dir, 'last'))).toBe(false);
    await save(join(dir, 'last'), 7);
    expect(await readMark(join(dir, 'last'))).toBe(7);
  });

  it('half deleted, the old folder does not come back', async () => {
    const dir = await build({ last: 2, 'last.old': 1 });
    await rm(join(dir, 'last.old', FILES.config));
    await recoverFolder(join(dir, 'last'));
    expect(await readMark(join(dir, 'last'))).toBe(2);
  });
});

describe('a process that is killed while it saves', () => {
  let compiled: Awaited<ReturnType<typeof compileSources>>;
  beforeAll(async () => void (compiled = await compileSources()));
  afterAll(() => compiled.remove());

  /** A program that saves marks from `first` on, and after the first save kills itself at `step` (if given). */
  function program(target: string, first: number, step?: SwapStep): string {
    const files = [...markedFiles(0).keys()];
    return `
      import { swapFolder } from '${compiled.url('swap.js')}';
      import { writeFolder } from '${compiled.url('durable.js')}';
      import { writeSafetensors } from '${compiled.url('safetensors/write.js')}';
      const filesOf = (mark) => {
        const json = new TextEncoder().encode(JSON.stringify({ mark }));
        const tensor = { shape: [1000], data: new Float32Array(1000).fill(mark) };
        return new Map(${JSON.stringify(files)}.map((name) =>
          [name, name.endsWith('.json') ? [json] : [writeSafetensors(new Map([['mark', tensor]]))]]));
      };
      for (let mark = ${first}; ; mark++) {
        const onStep = (step) => { if (mark > ${first} && step === ${JSON.stringify(step ?? '')}) process.kill(process.pid, 'SIGKILL'); };
        await swapFolder(${JSON.stringify(target)}, (folder) => writeFolder(folder, filesOf(mark)), { onStep });
        if (mark === ${first}) console.log('saved');
      }`;
  }

  it.each(STEPS)('at step %s: one whole version is left', async (step) => {
    const dir = await temporaryFolder();
    expect(await ended(startChild(program(join(dir, 'last'), 1, step)))).toBe('SIGKILL');
    await recoverFolder(join(dir, 'last'));
    expect(await readdir(dir)).toEqual(['last']);
    const renamed = STEPS.indexOf(step) >= STEPS.indexOf('oldAside');
    expect(await readMark(join(dir, 'last'))).toBe(renamed ? 2 : 1);
  });

  it('at any moment: a version at least as new as the last finished save is left', async () => {
    const dir = await temporaryFolder();
    const target = join(dir, 'last');
    let newest = 0;
    for (let round = 0; round < 6; round++) {
      const child = startChild(program(target, newest + 1));
      await firstLine(child);
      await sleep(round * 7);
      child.kill('SIGKILL');
      await ended(child);
      await recoverFolder(target);
      const mark = await readMark(target);
      expect(mark).toBeGreaterThan(newest);
      newest = mark;
      expect(await readdir(dir)).toEqual(['last']);
    }
  });
});

describe('an unwritable place', () => {
  it('is reported as such: a file where a folder should be', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'file'), 'text');
    for (const target of [join(dir, 'file'), join(dir, 'file', 'last')]) {
      await expect(save(target, 1)).rejects.toMatchObject({ code: 'RONDO_CHECKPOINT_UNWRITABLE' });
    }
    expect(await readdir(dir)).toEqual(['file']);
  });

  // Node's own recursive mkdir never ends there.
  it.skipIf(!existsSync('/proc/self'))('is reported as such: a folder that can hold no other', async () => {
    const failure = { code: 'RONDO_CHECKPOINT_UNWRITABLE' };
    await expect(save('/proc/rondo/last', 1)).rejects.toMatchObject(failure);
    await expect(save('/proc/rondo/deeper/last', 1)).rejects.toMatchObject(failure);
  });

  it('is reported as such: a folder that vanished meanwhile', async () => {
    const dir = await temporaryFolder();
    await mkdir(join(dir, 'run'));
    const saving = swapFolder(join(dir, 'run', 'last'), async (folder) => {
      await writeFolder(folder, markedFiles(1));
      await rename(join(dir, 'run'), join(dir, 'elsewhere'));
    });
    await expect(saving).rejects.toMatchObject({ code: 'RONDO_CHECKPOINT_UNWRITABLE' });
    expect(await exists(join(dir, 'elsewhere', 'last.new'))).toBe(true);
  });
});
