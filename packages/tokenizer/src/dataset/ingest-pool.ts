import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Ingester, type Ingested, type IngestSettings, type IngestTask } from './ingest.js';

const FILES_PER_WORKER = 16; // starting a thread costs about as much as reading this many files
const AHEAD_PER_WORKER = 8; // results waiting for their turn, so that memory stays bounded

/** A result with its tokens numbered over all workers. */
export interface PooledResult extends Ingested {
  readonly task: number;
}

/** The work to do, made when it is asked for: an array, or something that needs less memory. */
export interface TaskList {
  readonly length: number;
  at(index: number): IngestTask | undefined;
}

/** Numbers the tokens of several ingesters in one table. */
class TokenTable {
  readonly tokens: string[] = [];
  private readonly ids = new Map<string, number>();

  /** The number of a token, the next one if it is new. */
  add(token: string): number {
    let id = this.ids.get(token);
    if (id !== undefined) return id;
    id = this.tokens.length;
    this.tokens.push(token);
    this.ids.set(token, id);
    return id;
  }

  /** Extends `known` (an ingester's id → common id) by its new tokens and renumbers its result in place. */
  renumber(result: Ingested, known: number[]): void {
    for (const token of result.newTokens) known.push(this.add(token));
    for (const { ids } of result.variants) for (let i = 0; i < ids.length; i += 1) ids[i] = known[ids[i]];
  }
}

/**
 * Reads files on several threads and gives the results in the order of the tasks, whatever the number of threads.
 * From TypeScript sources (tests) there is no worker file, and everything runs in this thread.
 */
export class IngestPool {
  private readonly table = new TokenTable();

  constructor(
    private readonly settings: IngestSettings,
    private readonly workers: number | undefined,
    private readonly entry: URL | undefined = workerEntry(),
  ) {}

  /** The tokens met so far, by the ids that results carry. */
  get tokens(): readonly string[] {
    return this.table.tokens;
  }

  /** Numbers tokens that an earlier run met, in its order. */
  recall(tokens: readonly string[]): void {
    for (const token of tokens) this.table.add(token);
  }

  /** Does the tasks from number `from` on. */
  async *run(tasks: TaskList, from = 0): AsyncGenerator<PooledResult> {
    const count = tasks.length - from;
    const wanted = this.workers ?? Math.min(availableParallelism(), Math.floor(count / FILES_PER_WORKER));
    const { entry } = this;
    if (wanted <= 1 || entry === undefined) yield* this.runHere(tasks, from);
    else yield* this.runThreads(tasks, from, Math.min(wanted, count), entry);
  }

  private async *runHere(tasks: TaskList, from: number): AsyncGenerator<PooledResult> {
    const ingester = new Ingester(this.settings);
    const known: number[] = [];
    for (let task = from; task < tasks.length; task += 1) {
      const result = ingester.ingest(tasks.at(task) as IngestTask);
      this.table.renumber(result, known);
      yield { ...result, task };
      // Lets timers and Ctrl-C have their turn.
      if (task % 8 === 7) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private async *runThreads(tasks: TaskList, from: number, count: number, entry: URL): AsyncGenerator<PooledResult> {
    const done = new Map<number, PooledResult>();
    let next = from;
    let given = from;
    let stopped = false;
    let wake = (): void => undefined;
    const threads = Array.from({ length: count }, () => new IngestThread(entry, this.settings));
    const feed = (thread: IngestThread): void => {
      if (stopped || thread.busy || next >= tasks.length || next >= given + count * AHEAD_PER_WORKER) return;
      const task = next;
      next += 1;
      void thread.ingest(tasks.at(task) as IngestTask).then((result) => {
        this.table.renumber(result, thread.known);
        done.set(task, { ...result, task });
        feed(thread);
        wake();
      });
    };
    try {
      for (; given < tasks.length; given += 1) {
        for (const thread of threads) feed(thread);
        while (!done.has(given)) await new Promise<void>((resolve) => (wake = resolve));
        yield done.get(given) as PooledResult;
        done.delete(given);
      }
    } finally {
      // Also after an error or Ctrl-C: no thread may be fed again, or the process would never end.
      stopped = true;
      await Promise.all(threads.map((thread) => thread.stop()));
    }
  }
}

/** One worker thread, started again if a file kills it (out of memory). */
class IngestThread {
  /** Its ids → common ids. */
  known: number[] = [];
  busy = false;
  private worker: Worker | undefined;

  constructor(
    private readonly entry: URL,
    private readonly settings: IngestSettings,
  ) {}

  /** Resolves always; the death of the thread is the file's reason. */
  ingest(task: IngestTask): Promise<Ingested> {
    this.busy = true;
    const worker = (this.worker ??= new Worker(this.entry, { workerData: this.settings }));
    return new Promise((resolve) => {
      const finish = (result: Ingested): void => {
        worker.off('message', finish);
        worker.off('error', fail);
        worker.off('exit', leave);
        this.busy = false;
        resolve(result);
      };
      const fail = (error: Error): void => {
        this.worker = undefined;
        this.known = [];
        finish({ reason: `reading it failed: ${error.message}`, hash: '', variants: [], newTokens: [] });
      };
      const leave = (code: number): void => fail(new Error(`its thread ended with code ${code}`));
      worker.on('message', finish);
      worker.on('error', fail);
      worker.on('exit', leave);
      worker.postMessage(task);
    });
  }

  /** Ends the thread. What it was doing never resolves. */
  async stop(): Promise<void> {
    this.worker?.removeAllListeners();
    await this.worker?.terminate();
  }
}

function workerEntry(): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL('./ingest-worker.js', import.meta.url);
}
