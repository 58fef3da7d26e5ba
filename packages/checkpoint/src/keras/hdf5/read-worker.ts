import { parentPort, workerData } from 'node:worker_threads';
import { readHdf5 } from './read-hdf5.js';

/** The thread behind `openHdf5`: one file in, one result out. */
const result = await readHdf5(workerData as Uint8Array);
parentPort?.postMessage(result);
