import { availableParallelism } from 'node:os';
import { Ingester, type Ingested, type IngestSettings, type IngestTask } from './ingest.js';
import { IngestThread } from './ingest-thread.js';
import { Pace } from './pace.js';

const AHEAD_PER_WORKER = 8; // results waiting for their turn, so that memory stays bounded
const QUEUE = 3; // tasks at a thread, so that it never waits for this one

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

  /** Does the tasks from number `from` on: on as many threads as were asked for, otherwise as the work turns out. */
  async *run(tasks: TaskList, from = 0): AsyncGenerator<PooledResult> {
    const { entry, workers } = this;
    const count = tasks.length - from;
    const cores = entry === undefined ? 1 : availableParallelism();
    const pace = new Pace(count, workers === undefined ? cores : 1);
    let threads = entry === undefined || workers === undefined || workers <= 1 ? 0 : Math.min(workers, count);
    let task = from;
    for await (const result of threads > 0 ? [] : this.runHere(tasks, from, pace)) {
      yield result;
      task += 1;
      threads = pace.threads(task - from);
      if (threads > 0) break;
    }
    if (threads > 0) yield* this.runThreads(tasks, task, threads, entry as URL);
  }

  private async *runHere(tasks: TaskList, from: number, pace: Pace): AsyncGenerator<PooledResult> {
    const ingester = new Ingester(this.settings);
    const known: number[] = [];
    for (let task = from; task < tasks.length; task += 1) {
      const result = pace.time(() => ingester.ingest(tasks.at(task) as IngestTask));
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
    const mayFeed = (): boolean => !stopped && next < tasks.length && next < given + count * AHEAD_PER_WORKER;
    const feed = (thread: IngestThread): void => {
      while (thread.load < QUEUE && mayFeed()) {
        const task = next;
        next += 1;
        void thread.ingest(tasks.at(task) as IngestTask).then(({ result, known }) => {
          this.table.renumber(result, known);
          done.set(task, { ...result, task });
          feed(thread);
          wake();
        });
      }
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

function workerEntry(): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL('./ingest-worker.js', import.meta.url);
}
