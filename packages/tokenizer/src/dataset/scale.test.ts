import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../testing/bundle.js';
import type { ScaleReport } from '../testing/scale-driver.js';

/** A few files in the suite; `nx scale @rondo/tokenizer` takes a hundred thousand. */
const IS_LONG = process.env['RONDO_LONG'] !== undefined;
const files = Number(process.env['RONDO_SCALE_FILES'] ?? (IS_LONG ? 100_000 : 300));
const given = process.env['RONDO_SCALE_SEEDS'];
const seeds = given === undefined ? undefined : resolve(given);
const isLarge = files > 10_000;
const minutes = isLarge ? 180 : 1;

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
  const args = [`${programs}/scale-driver.js`, mode, JSON.stringify({ folder: dir, files, ...task })];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

async function prepared(workers: number): Promise<ScaleReport> {
  const report = JSON.parse(await drive('prepare', { workers })) as ScaleReport;
  if (isLarge) process.stdout.write(`${workers} threads: ${JSON.stringify(report)}\n`);
  expect(report.files).toBe(files);
  expect(report.peakMegabytes).toBeLessThanOrEqual(400);
  return report;
}

describe(`prepare of ${files} files`, () => {
  it(
    'takes at most 400 MB, is stopped and goes on, and gives the same bytes with one thread or several',
    async () => {
      await drive('make', { workers: 0, seeds });
      const threads = Math.max(2, availableParallelism());
      const stopAfter = Math.floor(files * 0.4);
      const stopped: unknown = JSON.parse(await drive('prepare', { workers: threads, stopAfter }));
      expect(stopped).toMatchObject({ stopped: stopAfter });
      const several = await prepared(threads);
      expect(several.read).toBe(files - stopAfter);
      const alone = await prepared(1);
      expect(alone.read).toBe(files);
      expect(alone.sha256).toBe(several.sha256);
    },
    minutes * 60_000,
  );
});
