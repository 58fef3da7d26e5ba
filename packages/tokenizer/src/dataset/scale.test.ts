import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../testing/bundle.js';
import type { ScaleReport } from '../testing/scale-driver.js';

/** A few files in the suite; `nx scale @rondo/tokenizer` takes a hundred thousand. */
const files = Number(process.env['RONDO_SCALE_FILES'] ?? 300);
const given = process.env['RONDO_SCALE_SEEDS'];
const seeds = given === undefined ? undefined : resolve(given);
const isLarge = files > 10_000;
const minutes = isLarge ? 30 : 1;

let programs: string;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rondo-scale-'));
  programs = await bundle({ 'scale-driver': 'testing/scale-driver.ts', 'ingest-worker': 'dataset/ingest-worker.ts' });
});
// A busy disk takes minutes to forget a hundred thousand files.
afterAll(async () => {
  for (const made of [programs, dir]) await rm(made, { recursive: true, force: true });
}, minutes * 60_000);

async function drive(mode: 'make' | 'prepare', task: object): Promise<string> {
  const args = [`${programs}/scale-driver.js`, mode, JSON.stringify(task)];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

describe(`prepare of ${files} files`, () => {
  it(
    'takes at most 400 MB, and gives the same bytes with one thread or several',
    async () => {
      await drive('make', { folder: dir, files, workers: 0, seeds });
      const run = async (workers: number): Promise<ScaleReport> =>
        JSON.parse(await drive('prepare', { folder: dir, files, workers })) as ScaleReport;
      const several = await run(Math.max(2, availableParallelism()));
      if (isLarge) process.stdout.write(`${JSON.stringify(several)}\n`);
      expect(several.files).toBe(files);
      expect(several.peakMegabytes).toBeLessThanOrEqual(400);
      const alone = await run(1);
      if (isLarge) process.stdout.write(`${JSON.stringify(alone)}\n`);
      expect(alone.sha256).toBe(several.sha256);
      expect(alone.peakMegabytes).toBeLessThanOrEqual(400);
    },
    minutes * 60_000,
  );
});
