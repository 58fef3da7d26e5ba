import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFolder } from '../durable.js';
import { compileSources, ended, firstLine, startChild } from '../testing/child.js';
import { snapshot, temporaryFolder } from '../testing/temporary.js';
import { markedFiles, readMark } from '../testing/tiny-folder.js';
import { thisProcess } from './process-identity.js';
import { lockRun, recoverRun } from './recover.js';
import { acquireLock, liveHolder, LOCK_FILE } from './run-lock.js';

let compiled: Awaited<ReturnType<typeof compileSources>>;
beforeAll(async () => void (compiled = await compileSources()));
afterAll(() => compiled.remove());

/** Another process that locks a run and then waits. */
function lockInChild(run: string) {
  return startChild(`
    import { acquireLock } from '${compiled.url('run/run-lock.js')}';
    await acquireLock(${JSON.stringify(run)});
    console.log('locked');
    setInterval(() => {}, 1000);`);
}

function lockText(changes: object): string {
  return JSON.stringify({ ...thisProcess(), since: '2026-01-01T00:00:00Z', purpose: 'train', token: 'x', ...changes });
}

describe('the lock of a run', () => {
  it('is free again after release, and releasing twice is harmless', async () => {
    const run = join(await temporaryFolder(), 'deep', 'run');
    const lock = await acquireLock(run);
    expect(await liveHolder(run)).toMatchObject({ pid: process.pid, host: hostname() });
    await expect(acquireLock(run)).rejects.toMatchObject({ code: 'RONDO_CHECKPOINT_LOCKED' });
    await lock.release();
    await lock.release();
    expect(await readdir(run)).toEqual([]);
    await (await acquireLock(run)).release();
  });

  it('is refused while another process lives, with its number, and taken over when it is dead', async () => {
    const run = await temporaryFolder();
    const child = lockInChild(run);
    expect(await firstLine(child)).toBe('locked');
    await expect(acquireLock(run)).rejects.toThrow(`process ${child.pid} on ${hostname()}`);
    child.kill('SIGKILL');
    await ended(child);
    const lock = await acquireLock(run);
    expect(JSON.parse(await readFile(lock.path, 'utf8'))).toMatchObject({ pid: process.pid });
    expect(await readdir(run)).toEqual([LOCK_FILE]);
    await lock.release();
  });

  const stale: [string, string][] = [
    ['of a process number that is in use by a later process', lockText({ started: '1' })],
    ['from before the machine was restarted', lockText({ boot: 'another' })],
    ['of no process', lockText({ pid: 0x7ffffffe, started: undefined })],
    ['without content', ''],
    ['that is no lock', '{"pid": "many"}'],
  ];
  // A process has a known start only where /proc is.
  it.skipIf(process.platform !== 'linux').each(stale)('is taken over: %s', async (_, text) => {
    const run = await temporaryFolder();
    await writeFile(join(run, LOCK_FILE), text);
    await (await acquireLock(run)).release();
    expect(await readdir(run)).toEqual([]);
  });

  it('of another machine is refused with what to do', async () => {
    const run = await temporaryFolder();
    await writeFile(join(run, LOCK_FILE), lockText({ host: 'elsewhere.example' }));
    await expect(acquireLock(run)).rejects.toThrow(/if that process is gone, delete .*run\.lock/);
  });

  it('goes to exactly one of many that find it dead at once', async () => {
    const run = await temporaryFolder();
    await writeFile(join(run, LOCK_FILE), lockText({ started: '1' }));
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => acquireLock(run)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(run)).toEqual([LOCK_FILE]);
  });

  it('is not released by one who has lost it', async () => {
    const run = await temporaryFolder();
    const lock = await acquireLock(run);
    await writeFile(lock.path, lockText({ token: 'somebody else' }));
    await lock.release();
    expect(await readdir(run)).toEqual([LOCK_FILE]);
  });
});

describe('recovering a run', () => {
  it('happens when the run is locked for training', async () => {
    const run = await temporaryFolder();
    await writeFolder(join(run, 'last.old'), markedFiles(1));
    await writeFolder(join(run, 'last.new'), markedFiles(2));
    await writeFolder(join(run, 'best'), markedFiles(1));
    await writeFolder(join(run, 'best.old'), markedFiles(0));
    const lock = await lockRun(run);
    expect((await readdir(run)).sort()).toEqual(['best', 'last', LOCK_FILE]);
    expect(await readMark(join(run, 'last'))).toBe(2);
    expect(await recoverRun(run)).toBe(false);
    await lock.release();
  });

  it('leaves a run alone that another process is writing', async () => {
    const run = await temporaryFolder();
    const child = lockInChild(run);
    await firstLine(child);
    await writeFolder(join(run, 'last.new'), markedFiles(2));
    const before = await snapshot(run);
    expect(await recoverRun(run)).toBe(false);
    expect(await snapshot(run)).toEqual(before);
    child.kill('SIGKILL');
    await ended(child);
    expect(await recoverRun(run)).toBe(true);
    expect(await readMark(join(run, 'last'))).toBe(2);
  });
});
