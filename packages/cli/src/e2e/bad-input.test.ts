import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { badFiles, writeBadFiles } from '../testing/bad-files.js';
import { writePieceFiles } from '../testing/pieces.js';
import { rondo, rondoJson, temporaryFolder, type RondoResult } from '../testing/run-rondo.js';
import { canMount, SmallDisk } from '../testing/small-disk.js';

const folder = temporaryFolder();
const good = path.join(folder, 'good');
const mixed = path.join(folder, 'mixed');
const bad = path.join(folder, 'bad');
const data = path.join(folder, 'data');
const other = path.join(folder, 'other');
const run = path.join(folder, 'run');

/** One line, exit code 1, no stack. */
function expectFailure({ code, stdout, stderr }: RondoResult, named: string | RegExp) {
  expect(stderr).toMatch(named);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(
    stderr
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('rondo: ')),
  ).toHaveLength(1);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
}

beforeAll(async () => {
  writePieceFiles(good, 6);
  writePieceFiles(mixed, 4);
  writeBadFiles(mixed);
  writeBadFiles(bad);
  await rondoJson(['prepare', good, '--out', data, '--split', '67/33/0']);
  await rondoJson(['prepare', good, '--out', other, '--scheme', 'chord', '--split', '67/33/0']);
  await rondoJson(['train', data, '--out', run, '--epochs', '1', '--batch', '2']);
}, 90_000);

describe('bad MIDI files', () => {
  it('are skipped, each with its reason, while the good ones beside them are used', async () => {
    const out = path.join(folder, 'mixed-data');
    const { files } = await rondoJson<{ files: { ok: number; skipped: { file: string; reason: string }[] } }>([
      'prepare',
      mixed,
      '--out',
      out,
      '--scheme',
      'chord', // prettier-ignore
    ]);
    expect(files.ok).toBe(4);
    const reasons = Object.fromEntries(files.skipped.map(({ file, reason }) => [path.basename(file), reason]));
    for (const [name, { reason }] of Object.entries(badFiles)) expect(reasons[name], name).toMatch(reason);
    expect(files.skipped).toHaveLength(Object.keys(badFiles).length);
  });

  it('alone are an error of one line, and leave no dataset', async () => {
    const out = path.join(folder, 'bad-data');
    expectFailure(await rondo(['prepare', bad, '--out', out, '--scheme', 'chord', '--quiet']), /no usable|none/i);
    expect(fs.existsSync(out)).toBe(false);
  });

  it.each(['tokens', 'inspect'])('are refused by "%s" in one line', async (command) => {
    expectFailure(await rondo([command, path.join(bad, 'text.mid')]), /MIDI/);
  });
});

describe('what a user gets wrong', () => {
  it.each([
    ['generate', ['--out', 'x.mid']],
    ['evaluate', [good]],
    ['predict', ['--ids', 'ids.json']],
  ])('a model that is not there: %s', async (command, rest) => {
    fs.writeFileSync(path.join(folder, 'ids.json'), '[[1]]');
    expectFailure(await rondo([command, path.join(folder, 'nowhere'), ...rest], { cwd: folder }), /nowhere/);
  });

  it('a dataset of another vocabulary names both sides', async () => {
    expectFailure(await rondo(['evaluate', run, other, '--split', 'valid']), /model.*other|other.*model/);
    expectFailure(await rondo(['train', other, '--out', run, '--resume']), /./);
    const out = path.join(folder, 'x.mid');
    expectFailure(
      await rondo(['generate', run, '--training', other, '--out', out, '--quiet']),
      /model.*other|other.*model/,
    );
  });

  it('a folder that is no dataset', async () => {
    expectFailure(await rondo(['train', good, '--out', path.join(folder, 'x')]), /dataset/i);
  });

  it('a run that is there already is not overwritten unasked', async () => {
    const before = fs.readFileSync(path.join(run, 'best', 'model.safetensors'));
    const result = await rondo(['train', data, '--out', run, '--epochs', '1']);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toMatch(/--?resume/);
    expect(fs.readFileSync(path.join(run, 'best', 'model.safetensors')).equals(before)).toBe(true);
  });

  it('a checkpoint cut in half', async () => {
    const broken = path.join(folder, 'broken');
    fs.cpSync(path.join(run, 'best'), broken, { recursive: true });
    const weights = path.join(broken, 'model.safetensors');
    fs.truncateSync(weights, fs.statSync(weights).size / 2);
    expectFailure(await rondo(['generate', broken, '--out', path.join(folder, 'x.mid')]), /model\.safetensors/);
  });

  it('a SoundFont that is not there, before any music is made', async () => {
    const out = path.join(folder, 'y.mid');
    expectFailure(await rondo(['generate', run, '--sound-font', 'no.sf2', '--out', out]), /no\.sf2/);
    expect(fs.existsSync(out)).toBe(false);
  });

  it('a prime that is no MIDI file', async () => {
    const prime = path.join(bad, 'text.mid');
    expectFailure(await rondo(['generate', run, '--prime', prime, '--out', path.join(folder, 'x.mid')]), /MIDI/);
  });
});

describe('places that cannot be written', () => {
  const file = path.join(folder, 'a-file');
  beforeAll(() => fs.writeFileSync(file, 'mine'));

  it.each([
    ['prepare', () => ['prepare', good, '--out', path.join(file, 'data')]],
    ['train', () => ['train', data, '--out', path.join(file, 'run')]],
    ['generate', () => ['generate', run, '--out', path.join(file, 'new.mid')]],
  ])('%s says so in one line and destroys nothing', async (_, args) => {
    expectFailure(await rondo([...args(), '--quiet']), /a-file/);
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
  });

  it.runIf(canMount)(
    'a full disk: one line, and the run that was there still works',
    async () => {
      const disk = path.join(folder, 'disk');
      const small = new SmallDisk(disk, '12m');
      try {
        const full = path.join(disk, 'run');
        await rondoJson(['train', data, '--out', full, '--batch', '2', '--epochs', '1']);
        small.fillUp();
        const rest = ['--quiet', '--threads', '1'];
        expectFailure(await rondo(['train', data, '--out', full, '--resume', '--epochs', '3', ...rest]), /space/i);
        expectFailure(await rondo(['generate', run, '--out', path.join(disk, 'new.mid'), '--wav', ...rest]), /space/i);
        expectFailure(await rondo(['prepare', good, '--out', path.join(disk, 'data'), '--quiet']), /space|full/i);
        expect(await rondo(['evaluate', full, data, '--split', 'valid'])).toMatchObject({ code: 0 });
        small.makeRoom();
        await rondoJson(['train', data, '--out', full, '--resume', '--epochs', '3']);
      } finally {
        small.remove();
      }
    },
    60_000,
  );
});
