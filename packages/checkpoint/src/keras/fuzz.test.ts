import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openArchive } from './archive/open-archive.js';
import { KerasError } from './errors.js';
import { collectTensors, networkSpec } from './model/collect-tensors.js';
import { planFromConfig } from './model/plan-config.js';
import { planFromLayout } from './model/plan-layout.js';
import { builtThread } from './testing/built-thread.js';
import { readNotes } from './notes/read-notes.js';
import { fixture } from './testing/fixtures.js';

/** A small generator of numbers below `limit`, the same on every machine. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** One to eight bytes changed, a stretch overwritten with what stands elsewhere, or the end cut off. */
function mutate(original: Uint8Array, seed: number): Uint8Array {
  const random = numbers(seed * 2_654_435_761);
  const bytes = Uint8Array.from(original);
  const kind = random(8);
  if (kind === 0) return bytes.subarray(0, random(bytes.length));
  if (kind === 1) {
    const length = 1 + random(64);
    bytes.copyWithin(random(bytes.length), random(bytes.length), random(bytes.length) + length);
    return bytes;
  }
  // Structure stands in the first bytes and between the arrays: half of the changes go to the beginning.
  const range = kind < 5 ? Math.min(bytes.length, 4096) : bytes.length;
  const edges = [0, 1, 0x7f, 0x80, 0xff];
  for (let count = 1 + random(8); count > 0; count -= 1)
    bytes[random(range)] = random(2) === 0 ? edges[random(edges.length)] : random(256);
  return bytes;
}

const thread = builtThread();

/** Mutants of each file; `RONDO_FUZZ_MUTANTS` asks for more. */
const CASES = Number(process.env.RONDO_FUZZ_MUTANTS ?? 60);

/** All of an import but the engine, which gets only what fits. */
async function readModel(bytes: Uint8Array): Promise<void> {
  const archive = await openArchive(bytes, 'mutant', { thread, milliseconds: 1500 });
  const plan = archive.config === undefined ? planFromLayout(archive) : planFromConfig(archive);
  networkSpec(plan);
  collectTensors(plan, archive);
}

async function count(cases: number, run: (seed: number) => unknown): Promise<{ refused: number; read: number }> {
  const result = { refused: 0, read: 0 };
  for (let seed = 1; seed <= cases; seed += 1) {
    try {
      await run(seed);
      result.read += 1;
    } catch (error) {
      if (!(error instanceof KerasError)) throw new Error(`seed ${seed}: no typed error`, { cause: error });
      expect(error.message).not.toMatch(/\n/);
      result.refused += 1;
    }
  }
  return result;
}

describe('damaged and hostile files are refused with a typed error, or read', () => {
  it.each(['tutorial-net.h5', 'tutorial-net.keras', 'tutorial-net.weights.h5', 'keras2-cudnn.h5'])(
    '%s',
    async (name) => {
      const original = fs.readFileSync(fixture(name));
      const { refused, read } = await count(CASES, (seed) => readModel(mutate(original, seed)));
      expect(refused).toBeGreaterThan(CASES / 5);
      expect(read).toBeGreaterThan(CASES / 10);
    },
    60_000 + 100 * CASES,
  );

  it('notes', async () => {
    const pickle = Buffer.from(
      '\x80\x02]q\x00(X\x03\x00\x00\x00E-5q\x01X\x06\x00\x00\x004.7.11q\x02h\x01X\x02\x00\x00\x00A4q\x03e.',
      'latin1',
    );
    const { refused, read } = await count(4000, (seed) => readNotes(mutate(pickle, seed), 'mutant'));
    expect(refused).toBeGreaterThan(1000);
    expect(read).toBeGreaterThan(100);
  });
});
