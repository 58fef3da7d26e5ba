import { parentPort } from 'node:worker_threads';
import { LIMITS } from '../limits.js';
import { limitMemory } from './memory-limit.js';
import { readHdf5 } from './read-hdf5.js';

/** The thread behind `Hdf5Thread`: a file in, a result out. */
parentPort?.on('message', (bytes: Uint8Array) => {
  limitMemory(LIMITS.memory.least + LIMITS.memory.perByte * bytes.length);
  void readHdf5(bytes).then((result) => parentPort?.postMessage(result));
});
