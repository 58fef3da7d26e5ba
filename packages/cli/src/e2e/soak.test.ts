import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadBundle } from '@rondo/checkpoint';
import { Network, type NetworkSpec } from '@rondo/core-native';
import { generate } from '@rondo/generator';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePieceFiles } from '../testing/pieces.js';
import { rondoJson, temporaryFolder } from '../testing/run-rondo.js';

/** A few in the suite; `nx soak @rondo/cli` makes ten thousand cycles and a million tokens. */
const IS_LONG = process.env['RONDO_LONG'] !== undefined;
const CYCLES = Number(process.env['RONDO_SOAK_CYCLES'] ?? (IS_LONG ? 10_000 : 300));
const TOKENS = Number(process.env['RONDO_SOAK_TOKENS'] ?? (IS_LONG ? 1_000_000 : 20_000));
/** Bytes by which the process may grow between a third of the work and its end. */
const FLAT = 24 * 2 ** 20;

const folder = temporaryFolder();
const run = path.join(folder, 'run');

beforeAll(async () => {
  writePieceFiles(path.join(folder, 'midi'), 4);
  await rondoJson(['prepare', path.join(folder, 'midi'), '--out', path.join(folder, 'data'), '--split', '75/25/0']);
  await rondoJson(['train', path.join(folder, 'data'), '--out', run, '--batch', '2', '--max-steps', '4']);
}, 600_000);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Resident memory once all garbage is gone, finalisers' too. */
async function residentBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().rss;
}

/** Does `act` so often, and gives by how much memory has grown since a third of it was done. */
async function growth(times: number, act: (number: number) => Promise<void>): Promise<number> {
  let before = 0;
  for (let number = 0; number < times; number++) {
    if (number === Math.floor(times / 3)) before = await residentBytes();
    await act(number);
  }
  const grown = (await residentBytes()) - before;
  if (CYCLES > 1000)
    process.stdout.write(`${times} times: ${(grown / 2 ** 20).toFixed(1)} MiB more than after a third of them\n`);
  return grown;
}

const spec: NetworkSpec = {
  inputs: [{ kind: 'embedding', name: 'token', vocabulary: 20, units: 8 }],
  layers: [{ kind: 'lstm', units: 24, recurrentDropout: 0.2 }, { kind: 'batchNorm' }, { kind: 'dense', units: 200 }],
  heads: [{ kind: 'softmax', name: 'next', vocabulary: 20 }],
};

async function cycle(number: number): Promise<void> {
  const network = Network.create(spec, { seed: number, device: 'cpu', threads: 2 });
  const ids = Int32Array.from({ length: 24 }, (_, place) => (place * 7 + number) % 20);
  const batch = { batch: 4, time: 6, inputs: { token: ids }, targets: { next: ids }, carryState: true };
  expect((await network.trainStep(batch, { learningRate: 0.01 })).updated).toBe(true);
  await network.evaluate(batch);
  const stream = network.openStream({ rows: 2 });
  stream.step(Int32Array.of(1, 2));
  network.writeParameters(network.readParameters());
  // Half of them are left to the collection of garbage, streams included.
  if (number % 2 === 0) network.dispose();
}

describe('memory stays flat', () => {
  it(
    `over ${CYCLES} networks that are made, trained and disposed of`,
    async () => {
      expect(await growth(CYCLES, cycle)).toBeLessThan(FLAT);
    },
    60_000 + 50 * CYCLES,
  );

  it(
    `over ${TOKENS} generated tokens`,
    async () => {
      const bundle = await loadBundle(run, { device: 'cpu', threads: 1 });
      const each = 1000;
      let tokens = 0;
      const grown = await growth(Math.ceil(TOKENS / each), async (seed) => {
        const result = await generate(bundle, { tokens: each, minTokens: each, seed });
        tokens += result.tokens;
      });
      bundle.network.dispose();
      expect(tokens).toBeGreaterThanOrEqual(TOKENS);
      expect(grown).toBeLessThan(FLAT);
    },
    60_000 + 2 * TOKENS,
  );
});
