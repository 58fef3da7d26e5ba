import { join } from 'node:path';
import { loadTrainerState } from '@rondo/checkpoint';
import { EngineError, Network } from '@rondo/core-native';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { toyOptions, weights } from '../testing/toy-training.js';
import { train } from './train.js';

const folder = temporaryFolder();
const run = (name: string) => join(folder.path, name);
let dataset: string;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'toy');
});
afterEach(() => void vi.restoreAllMocks());
afterAll(folder.remove);

/** The device fails in its update `at`; a device cannot be made to fail, so the call is. */
function failIn(at: number, code: 'RONDO_ENGINE_DEVICE' | 'RONDO_ENGINE_MEMORY'): void {
  const { trainStep } = Network.prototype;
  let calls = 0;
  vi.spyOn(Network.prototype, 'trainStep').mockImplementation(function (this: Network, ...call) {
    if (++calls < at) return trainStep.apply(this, call);
    return Promise.reject(new EngineError(code, 'the device failed'));
  });
}

it('keeps the last checkpoint when the device fails, says where it stands, and goes on from there', async () => {
  failIn(6, 'RONDO_ENGINE_DEVICE');
  const failing = train(toyOptions(dataset, run('failing'), { saveEverySeconds: 0 }));
  await expect(failing).rejects.toMatchObject({
    code: 'RONDO_ENGINE_DEVICE',
    message: `the device failed; ${run('failing')}/last holds step 5: resume goes on from there`,
  });
  expect((await loadTrainerState(run('failing'), 'last'))?.trainer).toMatchObject({ progress: { step: 5 } });
  vi.restoreAllMocks();
  await train(toyOptions(dataset, run('failing'), { resume: true }));
  await train(toyOptions(dataset, run('whole')));
  expect(weights(run('failing')).equals(weights(run('whole')))).toBe(true);
});

it('says so when nothing had been saved, and leaves other errors as they are', async () => {
  failIn(1, 'RONDO_ENGINE_DEVICE');
  await expect(train(toyOptions(dataset, run('early')))).rejects.toThrow('nothing had been saved yet');
  vi.restoreAllMocks();
  failIn(1, 'RONDO_ENGINE_MEMORY');
  await expect(train(toyOptions(dataset, run('memory')))).rejects.toMatchObject({ message: 'the device failed' });
});

it('takes the memory of training before anything is written', async () => {
  vi.spyOn(Network.prototype, 'reserve').mockImplementation(() => {
    throw new EngineError('RONDO_ENGINE_MEMORY', 'training needs more than there is');
  });
  await expect(train(toyOptions(dataset, run('large')))).rejects.toMatchObject({ code: 'RONDO_ENGINE_MEMORY' });
  await expect(loadTrainerState(run('large'), 'last')).resolves.toBeUndefined();
});
