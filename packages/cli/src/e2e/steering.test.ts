import fs from 'node:fs';
import path from 'node:path';
import { readMidi, writeMidi } from '@rondo/tokenizer';
import { beforeAll, describe, expect, it } from 'vitest';
import { makePiece } from '../testing/pieces.js';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';
import { trainSmallRun } from '../testing/small-run.js';

const folder = temporaryFolder();
const run = path.join(folder, 'run');
const midi = path.join(folder, 'midi');
const out = path.join(folder, 'new.mid');

interface Generation {
  files: { obeyed: { wish: string; obeyed: boolean }[]; seconds: number; along?: unknown[]; rank?: { of: number } }[];
}

beforeAll(() => trainSmallRun(folder, 10), 60_000);

async function wishes(...args: string[]) {
  const { files } = await rondoJson<Generation>(['generate', run, '--out', out, ...args]);
  expect(files[0].obeyed.filter((one) => !one.obeyed)).toEqual([]);
  return files[0];
}

describe('rondo generate obeys', () => {
  it('key, chords, range, density, tempo and an exact length, and says so', async () => {
    const file = await wishes('--bars', '4', '--key', 'C major', '--range', 'C3..C7', '--density', '3..8', '--tempo', '90');
    expect(file.obeyed.map(({ wish }) => wish)).toEqual(['key', 'range', 'density', 'tempo', 'bars']);
    expect(file.seconds).toBeCloseTo((16 * 60) / 90, 3);
    const timed = await wishes('--seconds', '9', '--key', 'G', '--chords', 'I vi IV V', '--best-of', '2');
    expect(timed.seconds).toBeCloseTo(9, 2);
    expect(timed.rank?.of).toBe(2);
  }); // prettier-ignore

  it('a melody, a form and the bars around a filling', async () => {
    const tune = path.join(folder, 'tune.mid');
    fs.writeFileSync(tune, writeMidi(makePiece(2, 4)));
    await wishes('--harmonise', tune);
    expect(readMidi(fs.readFileSync(out)).tracks).toHaveLength(4);
    const formed = await wishes('--form', "ABA'", '--section-bars', '8', '--prime', tune);
    expect(formed.along).toHaveLength(3);
    const filled = await wishes(
      '--infill',
      path.join(midi, 'piece-1.mid'),
      '--bars-from',
      '3',
      '--bars-to',
      '4',
      '--candidates',
      '2',
    );
    expect(filled.obeyed.map(({ wish }) => wish)).toEqual(['instruments', 'meter', 'bars', 'infill']);
  });

  it('that no phrase comes twice, whose option begins as if it switched something off', async () => {
    await wishes('--bars', '2', '--no-repeat', '24');
    expect(await rondo(['generate', run, '--out', out, '--no-repeat', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--no-repeat takes a whole number from 2 to 1000'),
    });
  });

  it('and refuses what makes no sense', async () => {
    const code = (...args: string[]) => rondo(['generate', run, '--out', out, ...args]);
    expect(await code('--key', 'H dur')).toMatchObject({ code: 2, stderr: expect.stringContaining('key') });
    expect(await code('--temperature', '1..x')).toMatchObject({ code: 2, stderr: expect.stringContaining('0.8..1.2') });
    expect(await code('--meter', '7/8')).toMatchObject({ code: 1, stderr: expect.stringContaining('4/4') });
    expect(await code('--infill', out)).toMatchObject({ code: 2, stderr: expect.stringContaining('bars-from') });
  });
});
