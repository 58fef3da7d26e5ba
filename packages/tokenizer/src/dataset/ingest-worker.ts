import { parentPort, workerData } from 'node:worker_threads';
import { Ingester, type IngestSettings, type IngestTask } from './ingest.js';

/** The thread behind `IngestPool`: one task in, one result out. */
const ingester = new Ingester(workerData as IngestSettings);

parentPort?.on('message', (task: IngestTask) => {
  const result = ingester.ingest(task);
  const buffers = result.variants.map(({ ids }) => ids.buffer as ArrayBuffer);
  parentPort?.postMessage(result, buffers);
});
