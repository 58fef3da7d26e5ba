import { parentPort } from 'node:worker_threads';
import { readHdf5 } from './read-hdf5.js';

/** The thread behind `Hdf5Thread`: a file in, a result out. */
parentPort?.on('message', (bytes: Uint8Array) => {
  void readHdf5(bytes).then((result) => parentPort?.postMessage(result));
});
