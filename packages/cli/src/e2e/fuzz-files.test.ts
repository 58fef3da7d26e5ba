import fs from 'node:fs';
import path from 'node:path';
import { seeded } from '@rondo/tokenizer';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bundleTarget,
  configTarget,
  datasetTarget,
  safetensorsTarget,
  stateTarget,
  type Target,
} from '../testing/fuzz/targets.js';
import { newTally, watchCase } from '../testing/fuzz/watch.js';
import { writePieceFiles } from '../testing/pieces.js';
import { rondoJson, temporaryFolder } from '../testing/run-rondo.js';

/** A few in the suite; `nx fuzz-files @rondo/cli` makes 24,000. */
const IS_LONG = process.env['RONDO_LONG'] !== undefined;
const CASES = Number(process.env['RONDO_FUZZ_FILES'] ?? (IS_LONG ? 24_000 : 400));
const FIRST = Number(process.env['RONDO_FUZZ_FIRST'] ?? 1);

const folder = temporaryFolder();
const data = path.join(folder, 'data');
const run = path.join(folder, 'run');

beforeAll(async () => {
  writePieceFiles(path.join(folder, 'midi'), 6);
  await rondoJson(['prepare', path.join(folder, 'midi'), '--out', data, '--split', '67/33/0', '--condition', 'key']);
  await rondoJson(['train', data, '--out', run, '--batch', '2', '--max-steps', '2', '--threads', '1']);
  fs.rmSync(path.join(run, 'best'), { recursive: true });
}, 600_000);

const targets: [string, number, () => Target][] = [
  ['safetensors', 0.35, () => safetensorsTarget(path.join(run, 'last', 'model.safetensors'))],
  ['datasets', 0.25, () => datasetTarget(data)],
  ['bundles', 0.15, () => bundleTarget(run)],
  ['configs', 0.2, () => configTarget(folder)],
  ['trainer states', 0.05, () => stateTarget(run, data)],
];

describe('mutants of files give a typed error or a result, soon, in little memory, and are never executed', () => {
  it.each(targets)(
    '%s',
    async (name, share, make) => {
      const target = make();
      const tally = newTally();
      const cases = Math.ceil(CASES * share);
      for (let number = FIRST; number < FIRST + cases; number++)
        await watchCase(tally, `${name}, mutant ${number}`, () => target(seeded(number)));
      expect(tally.cases).toBe(cases);
      expect(tally.refused).toBeGreaterThan(cases / 4);
      if (CASES > 5000) process.stdout.write(`${name} ${JSON.stringify(tally)}\n`);
    },
    60_000 + 100 * CASES,
  );
});
