import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePieceFiles } from '../testing/pieces.js';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';
import { seeded } from '@rondo/tokenizer';
import { type Aim, type Hit, killSitting, lasting } from '../testing/kill-harness.js';

/** A few in the suite; `nx crash @rondo/cli` makes two hundred. */
const IS_LONG = process.env['RONDO_LONG'] !== undefined;
const KILLS = Number(process.env['RONDO_CRASH_KILLS'] ?? (IS_LONG ? 200 : 4));
const SEED = Number(process.env['RONDO_CRASH_SEED'] ?? 1);

const folder = temporaryFolder();
const data = path.join(folder, 'data');
const whole = path.join(folder, 'whole');
const train = (out: string) =>
  ['train', data, '--out', out, '--batch', '2', '--max-steps', '24', '--epochs', '20', '--evaluate-every', '4'].concat(
    ['--schedule', 'cosine', '--save-every', '0.05', '--threads', '1', '--quiet'], // prettier-ignore
  );
/** Milliseconds of the training without a break, start of the process included. */
let longest = 0;

beforeAll(async () => {
  writePieceFiles(path.join(folder, 'midi'), 6);
  await rondoJson(['prepare', path.join(folder, 'midi'), '--out', data, '--split', '67/33/0']);
  const began = performance.now();
  await rondoJson(train(whole));
  longest = performance.now() - began;
}, 600_000);

describe('kill -9', () => {
  it(
    `at ${KILLS} random moments, saving included: --resume always works, and all ends in the same bits`,
    async () => {
      const random = seeded(SEED);
      const hits = new Map<Hit, number>();
      let killed = 0;
      let finished = 0;
      for (let runs = 0; killed < KILLS; runs++) {
        const run = path.join(folder, `run-${runs}`);
        fs.mkdirSync(run);
        for (let ended = false; !ended && killed < KILLS; ) {
          const aim: Aim = random() < 0.6 ? 'saving' : 'anywhere';
          const { hit, code, stderr } = await killSitting([...train(run), '--resume'], run, aim, random, longest);
          ended = hit.startsWith('nothing');
          if (ended) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
          else killed++;
          hits.set(hit, (hits.get(hit) ?? 0) + 1);
        }
        expect(await rondo([...train(run), '--resume'])).toMatchObject({ code: 0, stderr: '' });
        expect(lasting(run)).toEqual(lasting(whole));
        finished++;
        fs.rmSync(run, { recursive: true });
      }
      report({ kills: killed, runsComparedBitForBit: finished, hits: Object.fromEntries(hits) });
    },
    20_000 + KILLS * 60_000, // on a busy machine
  );
});

/** The figures stand in the output of the long run and in a file. */
function report(figures: object): void {
  const output = path.resolve(import.meta.dirname, '../../test-output');
  fs.mkdirSync(output, { recursive: true });
  fs.writeFileSync(path.join(output, 'crash.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
  if (KILLS > 10) process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
}
