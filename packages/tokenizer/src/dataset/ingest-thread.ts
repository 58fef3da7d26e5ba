import { Worker } from 'node:worker_threads';
import type { Ingested, IngestSettings, IngestTask } from './ingest.js';

/** Room for objects that are soon dropped, which is most of what reading makes: more of it would only hold more of them. */
const YOUNG = { maxYoungGenerationSizeMb: 16 };

/** A result, and its thread's ids → common ids, for the taker to extend. */
export interface ThreadResult {
  readonly result: Ingested;
  readonly known: number[];
}

interface Pending {
  readonly task: IngestTask;
  readonly resolve: (result: ThreadResult) => void;
}

/** One worker thread with a queue of tasks, started again if a file kills it (out of memory). */
export class IngestThread {
  /** A new thread numbers its tokens anew. */
  private known: number[] = [];
  private readonly queue: Pending[] = [];
  private worker: Worker | undefined;

  constructor(
    private readonly entry: URL,
    private readonly settings: IngestSettings,
  ) {}

  /** Tasks that it has not done. */
  get load(): number {
    return this.queue.length;
  }

  /** Resolves always, task after task; the death of the thread is the reason of the file that it was reading. */
  ingest(task: IngestTask): Promise<ThreadResult> {
    this.worker ??= this.start();
    this.worker.postMessage(task);
    return new Promise((resolve) => this.queue.push({ task, resolve }));
  }

  /** Ends the thread. What it was doing never resolves. */
  async stop(): Promise<void> {
    this.worker?.removeAllListeners();
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.entry, { workerData: this.settings, resourceLimits: YOUNG });
    let reason: string | undefined;
    worker.on('message', (result: Ingested) => this.queue.shift()?.resolve({ result, known: this.known }));
    worker.on('error', (error: Error) => (reason = error.message));
    // Only at its end: all that it could still say has then been heard.
    worker.on('exit', (code) => this.startAgain(reason ?? `its thread ended with code ${code}`));
    return worker;
  }

  private startAgain(reason: string): void {
    const culprit = this.queue.shift();
    this.known = [];
    this.worker = this.queue.length === 0 ? undefined : this.start();
    for (const { task } of this.queue) this.worker?.postMessage(task);
    const result = { reason: `reading it failed: ${reason}`, hash: '', variants: [], newTokens: [] };
    culprit?.resolve({ result, known: [] });
  }
}
