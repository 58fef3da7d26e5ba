import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { denseNetwork, peakOfTraining } from '../testing/peak-memory.js';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { toyOptions } from '../testing/toy-training.js';
import { train } from './train.js';

const folder = temporaryFolder();
const run = (name: string) => join(folder.path, name);
let dataset: string;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'long', { train: Array<number>(8).fill(2100), valid: [60] });
});
afterAll(folder.remove);

describe('forecast of memory', () => {
  it('is what a training with large batches takes at its peak, within a quarter', async () => {
    const sizes = { batch: 128, sequence: 256, maxSteps: 2 };
    const { forecast, ratio } = await peakOfTraining(
      toyOptions(dataset, run('wide'), { network: denseNetwork(512, 512), ...sizes }),
    );
    expect(forecast).toBeGreaterThan(100 * 2 ** 20);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.25);
  });

  it('refuses what cannot fit, with sizes that would, and makes no folder', async () => {
    const huge = { network: denseNetwork(4_000_000, 4_000_000), batch: 64 };
    await expect(train(toyOptions(dataset, run('never'), huge))).rejects.toMatchObject({
      code: 'RONDO_TRAINER_MEMORY',
      message: expect.stringMatching(/takes about .* GiB .* network itself is too large/),
    });
    const wide = { network: denseNetwork(1_000_000), batch: 4096, sequence: 64 };
    await expect(train(toyOptions(dataset, run('never'), wide))).rejects.toMatchObject({
      code: 'RONDO_TRAINER_MEMORY',
      message: expect.stringMatching(/would fit with a batch of \d+ and a sequence of \d+$/),
    });
    expect(existsSync(run('never'))).toBe(false);
  });

  it('knows that a small dataset does not fill a large batch', async () => {
    const tiny = await toyDataset(folder.path, 'tiny', { train: [20], valid: [] });
    const options = { network: denseNetwork(100_000), batch: 1 << 24, sequence: 1 << 24, epochs: 1 };
    expect(await train(toyOptions(tiny, run('tiny-run'), options))).toMatchObject({ steps: 1 });
  });
});
