import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { denseNetwork, peakOfTraining } from '../testing/peak-memory.js';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { toyOptions } from '../testing/toy-training.js';

const folder = temporaryFolder();
afterAll(folder.remove);

// In a file, and so a process, of its own: the peak is one of the whole process.
it('the forecast of memory is what many weights take that are saved again and again, within a quarter', async () => {
  const dataset = await toyDataset(folder.path, 'toy');
  const sizes = { batch: 2, maxSteps: 4, saveEverySeconds: 0 };
  const { forecast, ratio } = await peakOfTraining(
    toyOptions(dataset, join(folder.path, 'run'), { network: denseNetwork(2000, 2000), ...sizes }),
  );
  expect(forecast).toBeGreaterThan(150 * 2 ** 20);
  expect(ratio).toBeGreaterThan(0.75);
  expect(ratio).toBeLessThan(1.25);
});
