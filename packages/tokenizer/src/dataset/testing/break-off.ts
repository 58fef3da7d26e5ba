import { expect } from 'vitest';
import { prepareDataset } from '../prepare.js';
import type { PrepareOptions } from '../types.js';

/** Begins to prepare, stops once so many files are read, and tells the number of files at which it began to read. */
export async function breakOff(options: PrepareOptions, files: number): Promise<number> {
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress: PrepareOptions['onProgress'] = ({ done, phase }) => {
    if (phase === 'read' && seen.push(done) > 0 && done >= files) stop.abort();
  };
  const stopped = prepareDataset({ ...options, signal: stop.signal, onProgress });
  await expect(stopped).rejects.toMatchObject({ code: 'RONDO_DATASET_ABORTED' });
  return seen[0];
}
