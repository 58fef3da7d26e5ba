import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixture } from '../testing/fixtures.js';
import { findHeapDamage } from './global-heap.js';
import { openHdf5 } from './open-hdf5.js';

const original = fs.readFileSync(fixture('tutorial-net.h5'));
const heap = original.indexOf('GCOL', undefined, 'latin1');

/** The file with another object in the place of its first text. */
function withObject(index: number, size: bigint): Buffer {
  const bytes = Buffer.from(original);
  bytes.writeUInt16LE(index, heap + 16);
  bytes.writeBigUInt64LE(size, heap + 24);
  return bytes;
}

describe('the heap of texts', () => {
  it('of files as Keras wrote them is sound', () => {
    const files = fs.readdirSync(fixture('.')).filter((name) => name.endsWith('.h5'));
    expect(files.length).toBeGreaterThan(4);
    for (const name of files) expect(findHeapDamage(fs.readFileSync(fixture(name)))).toBeUndefined();
  });

  it.each([
    ['free space of no bytes', 0, 0n],
    ['a size that wraps around in 64 bits', 1, 2n ** 64n - 16n],
    ['a size that wraps around in 32 bits', 1, 2n ** 32n - 16n],
    ['a text that leaves the heap', 1, 20_000n],
  ])('with %s is refused before the library would read in circles', async (_, index, size) => {
    await expect(openHdf5(withObject(index, size), 'looping.h5')).rejects.toMatchObject({
      code: 'RONDO_KERAS_FORMAT',
      message: expect.stringMatching(/sizes in its heap at byte \d+ lead nowhere/),
    });
  });
});
