import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openArchive } from './archive/open-archive.js';
import { collectTensors, networkSpec } from './model/collect-tensors.js';
import { planFromConfig } from './model/plan-config.js';
import { planFromLayout } from './model/plan-layout.js';
import { readNotes } from './notes/read-notes.js';
import { builtThread } from './testing/built-thread.js';
import { fixture } from './testing/fixtures.js';
import { mutate, mutateText } from './testing/mutate.js';
import { describeTally, readMutants } from './testing/read-mutants.js';

const thread = builtThread();

/** A few in the suite; `nx fuzz @rondo/checkpoint` makes 24,000. */
const IS_LONG = process.env.RONDO_LONG !== undefined;
const CASES = Number(process.env.RONDO_FUZZ_MUTANTS ?? (IS_LONG ? 24_000 : 2000));
/** Number of the first mutant: other numbers, other mutants. */
const FIRST = Number(process.env.RONDO_FUZZ_FIRST ?? 1);

/** All of an import but the engine, which gets only what fits. */
async function readModel(bytes: Uint8Array): Promise<void> {
  const archive = await openArchive(bytes, 'mutant', { thread, milliseconds: 1500 });
  const plan = archive.config === undefined ? planFromLayout(archive) : planFromConfig(archive);
  networkSpec(plan);
  collectTensors(plan, archive);
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const NOTES: [string, Buffer, (original: Uint8Array, number: number) => Uint8Array][] = [
  [
    'a list as pickle',
    latin1('\x80\x02]q\x00(X\x03\x00\x00\x00E-5q\x01X\x06\x00\x00\x004.7.11q\x02h\x01X\x02\x00\x00\x00A4q\x03e.'),
    mutate,
  ],
  ['a list as pickle of protocol 0', latin1('(lp0\nVE-5\np1\naV4.7.11\np2\nag1\naVA4\np3\na.'), mutate],
  [
    'a set as pickle',
    latin1('\x80\x02c__builtin__\nset\nq\x00]q\x01(X\x02\x00\x00\x00B4q\x02X\x02\x00\x00\x00A4q\x03e\x85q\x04Rq\x05.'),
    mutate,
  ],
  ['a table as pickle', latin1('}(X\x02\x00\x00\x00B4K\x00X\x02\x00\x00\x00A4K\x01u.'), mutate],
  ['JSON', latin1('{"notes": [["E-5", "4.7.11"], ["E-5", "A4"]], "vocabulary": ["A4", "E-5"]}'), mutateText],
];

/** What one of the files gets of all cases, so that the small and quick ones have the half. */
const share = (all: number, files: number) => Math.ceil(all / 2 / files);

describe('damaged and hostile files are refused with a typed error, or read, soon and in little memory', () => {
  const models = ['tutorial-net.h5', 'tutorial-net.keras', 'tutorial-net.weights.h5', 'keras2-cudnn.h5'];

  it.each(models)(
    '%s',
    async (name) => {
      const original = fs.readFileSync(fixture(name));
      const cases = IS_LONG ? share(CASES, models.length) : Math.ceil(CASES / 33);
      const tally = await readMutants(FIRST, cases, (number) => readModel(mutate(original, number)));
      if (IS_LONG) process.stdout.write(`${name}: ${describeTally(tally)}\n`);
      expect(tally.refused).toBeGreaterThan(cases / 5);
      expect(tally.read).toBeGreaterThan(cases / 10);
    },
    60_000 + 100 * CASES,
  );

  it.each(NOTES)(
    'notes: %s',
    async (name, original, change) => {
      const cases = share(CASES, NOTES.length);
      const tally = await readMutants(FIRST, cases, (number) => readNotes(change(original, number), 'mutant'));
      if (IS_LONG) process.stdout.write(`notes, ${name}: ${describeTally(tally)}\n`);
      expect(tally.refused).toBeGreaterThan(cases / 4);
      expect(tally.read).toBeGreaterThan(cases / 40);
    },
    60_000 + 100 * CASES,
  );
});
