import { Worker } from 'node:worker_threads';
import type { Hdf5Result } from './tree.js';

/**
 * A thread that reads HDF5 files: what a damaged one does to the library or to its memory stays there, and one that leads
 * it in circles is given up. A thread that broke is replaced at the next file.
 */
export class Hdf5Thread {
  private worker: Worker | undefined;

  /** @param entry the file of the thread */
  constructor(private readonly entry: URL) {}

  /** Resolves always. One file at a time. */
  async read(bytes: Uint8Array, milliseconds: number): Promise<Hdf5Result> {
    const worker = (this.worker ??= this.start());
    const result = await answerOf(worker, bytes, milliseconds);
    if ('broken' in result && result.broken) await this.close();
    return result;
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    // The library's own complaints would stand between ours.
    const worker = new Worker(this.entry, { stdout: true, stderr: true });
    worker.stdout.resume();
    worker.stderr.resume();
    return worker;
  }
}

function answerOf(worker: Worker, bytes: Uint8Array, milliseconds: number): Promise<Hdf5Result> {
  return new Promise((resolve) => {
    const finish = (result: Hdf5Result): void => {
      clearTimeout(timer);
      worker.off('message', finish);
      worker.off('error', fail);
      worker.off('exit', leave);
      resolve(result);
    };
    const broken = (failure: string, limit = false): void => finish({ failure, limit, broken: true });
    const fail = (error: Error): void => broken(error.message);
    const leave = (code: number): void => broken(`its reader ended with code ${code}`);
    const timer = setTimeout(
      () => broken(`reading took more than ${Math.ceil(milliseconds / 1000)} s`, true),
      milliseconds,
    );
    worker.on('message', finish);
    worker.on('error', fail);
    worker.on('exit', leave);
    worker.postMessage(bytes);
  });
}
