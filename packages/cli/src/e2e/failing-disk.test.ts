import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lasting } from '../testing/kill-harness.js';
import { writePieceFiles } from '../testing/pieces.js';
import { rondo, rondoJson, rondoProgram, temporaryFolder } from '../testing/run-rondo.js';
import { canMount, SmallDisk } from '../testing/small-disk.js';

const folder = temporaryFolder();
const data = path.join(folder, 'data');
const whole = path.join(folder, 'whole');
const settings = [
  '--batch',
  '2',
  '--epochs',
  '50',
  '--max-steps',
  '60',
  '--patience',
  '0',
  '--threads',
  '1',
  '--quiet',
];
const train = (run: string) => ['train', data, '--out', run, ...settings];

beforeAll(async () => {
  writePieceFiles(path.join(folder, 'midi'), 6);
  await rondoJson(['prepare', path.join(folder, 'midi'), '--out', data, '--split', '67/33/0']);
  await rondoJson(train(whole));
}, 60_000);

/** Trains, and lets something happen once the first checkpoint stands. */
async function trainUntilItFails(run: string, happen: () => void): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [rondoProgram, ...train(run), '--save-every', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  while (!fs.existsSync(path.join(run, 'last')) && child.exitCode === null) await sleep(1);
  happen();
  return { code: await ended, stderr };
}

describe.runIf(canMount)('a disk that fails while a training saves', () => {
  const failures: [string, RegExp, (disk: SmallDisk) => void, (disk: SmallDisk) => void][] = [
    ['runs full', /No space left/, (disk) => disk.fillUp(), (disk) => disk.makeRoom()],
    ['may not be written any more', /Cannot write/, (disk) => disk.lock(), (disk) => disk.unlock()],
  ];
  const disks: SmallDisk[] = [];
  afterAll(() => disks.forEach((disk) => disk.remove()));

  it.each(failures)(
    '%s: exit code 1, one line, and the last good checkpoint goes on to the same bits',
    async (name, message, fail, repair) => {
      const disk = new SmallDisk(path.join(folder, name), '24m');
      disks.push(disk);
      const run = path.join(disk.folder, 'run');
      const { code, stderr } = await trainUntilItFails(run, () => fail(disk));
      expect(stderr).toMatch(message);
      expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
      expect(await rondo(['evaluate', run, data, '--split', 'valid', '--quiet'])).toMatchObject({
        code: 0,
        stderr: '',
      });
      repair(disk);
      expect(await rondo([...train(run), '--resume'])).toMatchObject({ code: 0, stderr: '' });
      expect(lasting(run)).toEqual(lasting(whole));
    },
    60_000,
  );
});

describe('two trainings in one folder', () => {
  it('the second is refused while the first one runs, in one line, and does it no harm', async () => {
    const run = path.join(folder, 'shared');
    let second: Promise<{ code: number | null; stderr: string }> | undefined;
    const first = await trainUntilItFails(run, () => {
      second = rondo([...train(run), '--resume']);
    });
    expect(first).toEqual({ code: 0, stderr: '' });
    const { code, stderr } = await second!;
    // The second process may come when the first one has just ended; then there is nothing left to do for it.
    if (code !== 0) expect(stderr).toMatch(/^rondo: This run is in use by process \d+ .*\n$/);
    expect(lasting(run)).toEqual(lasting(whole));
  }, 60_000);
});
