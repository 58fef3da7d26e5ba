import { describe, expect, it } from 'vitest';
import { numberedPieces } from '../testing/pieces.js';
import { arraySource } from './piece-source.js';
import { planWindows } from './window-batches.js';

const names = { input: 'tokens', head: 'next' };
const plan = (lengths: number[], batch: number, sequence: number, seed = 1) =>
  planWindows(arraySource(numberedPieces(lengths)), { names, batch, sequence, seed });

function windows(lengths: number[], batch: number, sequence: number, epoch = 0) {
  const pass = plan(lengths, batch, sequence).epoch(epoch);
  return Array.from({ length: pass.steps }, (_, step) => {
    const { batch: b } = pass.batchAt(step);
    const targets = b.targets?.next as Int32Array;
    return Array.from({ length: b.batch }, (_, row) => ({
      ids: Array.from({ length: b.time }, (_, t) => b.inputs.tokens?.[t * b.batch + row] as number),
      target: targets[row] as number,
    }));
  }).flat();
}

describe('planWindows', () => {
  it('shows every window of every piece once, with the token after it as target', () => {
    const lengths = [7, 3, 12, 4, 5];
    const found = windows(lengths, 4, 4);
    const wanted = numberedPieces(lengths).flatMap(({ ids }) => [...ids].slice(4));
    expect(found.map(({ target }) => target).sort((a, b) => a - b)).toEqual(wanted);
    for (const { ids, target } of found) {
      expect(ids).toEqual([target - 4, target - 3, target - 2, target - 1]);
    }
  });

  it('shuffles anew each epoch, over all pieces', () => {
    const targets = (epoch: number) => windows([40, 40], 8, 4, epoch).map(({ target }) => target);
    expect(targets(0)).toEqual(targets(0));
    expect(targets(0)).not.toEqual(targets(1));
    expect(
      new Set(
        targets(0)
          .slice(0, 16)
          .map((target) => Math.floor(target / 1000)),
      ).size,
    ).toBe(2);
  });

  it('keeps the rest of an epoch as a smaller batch', () => {
    const pass = plan([14], 4, 4).epoch(0);
    expect(Array.from({ length: pass.steps }, (_, step) => pass.batchAt(step).batch.batch)).toEqual([4, 4, 2]);
    expect(pass.steps).toBe(plan([14], 4, 4).stepsPerEpoch);
  });

  it('counts pieces that are too short, and says what would help when nothing is left', () => {
    expect(plan([4, 5, 3, 9], 4, 4).shortPieces).toBe(2);
    expect(() => plan([4, 3], 4, 4)).toThrow(/sequence of at most 3, or objective "all"/);
  });
});
