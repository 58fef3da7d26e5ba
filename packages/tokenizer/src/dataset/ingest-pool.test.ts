import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../testing/bundle.js';
import { band, temporaryFolders, tunes, writeCorpus } from '../testing/corpus.js';
import { IngestPool, type PooledResult } from './ingest-pool.js';
import type { IngestTask } from './ingest.js';

const portsBefore = process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
const folder = temporaryFolders();
const copies = { transpose: [-1, 1], stretch: [], alone: ['drums', 'bass'] } as const;
const settings = { scheme: { name: 'remi' }, ...copies, conditions: ['alone'] } as const;

/** Worker threads cannot load TypeScript: the worker's sources are bundled for the test. */
let entry: URL;
let outDir: string;
beforeAll(async () => {
  outDir = await bundle({ 'ingest-worker': 'dataset/ingest-worker.ts', ingest: 'dataset/ingest.ts' });
  entry = pathToFileURL(join(outDir, 'ingest-worker.js'));
});

afterAll(() => rmSync(outDir, { recursive: true, force: true }));

/** A worker whose thread ends at one file. */
const MORTAL = `
import { parentPort, workerData } from 'node:worker_threads';
import { Ingester } from './ingest.js';
const ingester = new Ingester(workerData);
parentPort.on('message', (task) => {
  if (task.path.endsWith('17.mid')) process.exit(7);
  parentPort.postMessage(ingester.ingest(task));
});
`;

async function collect(
  tasks: readonly IngestTask[],
  workers: number | undefined,
  worker = entry,
): Promise<[string[][], PooledResult[]]> {
  const pool = new IngestPool(settings, workers, worker);
  const results: PooledResult[] = [];
  for await (const result of pool.run(tasks)) results.push(result);
  const texts = results.map(({ variants }) =>
    variants.map(({ ids }) => Array.from(ids, (id) => pool.tokens[id]).join(' ')),
  );
  return [texts, results];
}

describe('ingest pool', () => {
  it('gives the same results in the same order with one thread or several', async () => {
    const dir = folder();
    const corpus = { ...tunes(60), '61.mid': band(1), '62.mid': band(2), '99.mid': new Uint8Array(3) };
    writeCorpus(dir, corpus);
    const names = Object.keys(corpus);
    const tasks = names.map((name) => ({ path: join(dir, name), augment: true, given: {} }));
    const [alone, here] = await collect(tasks, 1);
    const [together, threads] = await collect(tasks, 3);
    expect(together).toEqual(alone);
    expect(alone[0]).toHaveLength(3);
    expect(alone[60]).toHaveLength(9); // three keys of the piece, of its drums and of its bass
    const rest = (results: PooledResult[]): unknown[] => results.map(({ task, hash, reason }) => [task, hash, reason]);
    expect(rest(threads)).toEqual(rest(here));
    expect(here[62].reason).toMatch(/\w/);
  });

  it('gives the same results where it decides by itself how many threads pay', async () => {
    const dir = folder();
    writeCorpus(dir, tunes(40));
    const names = Array.from({ length: 25 }, () => Object.keys(tunes(40))).flat();
    const tasks = names.map((name) => ({ path: join(dir, name), augment: true, given: {} }));
    const [alone] = await collect(tasks, 1);
    const [decided] = await collect(tasks, undefined);
    expect(decided).toEqual(alone);
  });

  it('goes on with a new thread where a file ends one, and names that file alone', async () => {
    const dir = folder();
    writeCorpus(dir, tunes(30));
    writeFileSync(join(outDir, 'mortal.js'), MORTAL);
    const tasks = Object.keys(tunes(30)).map((name) => ({ path: join(dir, name), augment: true, given: {} }));
    const [alone] = await collect(tasks, 1);
    const [texts, results] = await collect(tasks, 2, pathToFileURL(join(outDir, 'mortal.js')));
    expect(results.flatMap(({ reason }, i) => (reason === undefined ? [] : [`${i}: ${reason}`]))).toEqual([
      '17: reading it failed: its thread ended with code 7',
    ]);
    expect(texts).toEqual(alone.with(17, []));
  });

  it('leaves no thread behind when its reader stops early', async () => {
    const dir = folder();
    writeCorpus(dir, tunes(60));
    const tasks = Object.keys(tunes(60)).map((name) => ({ path: join(dir, name), augment: true, given: {} }));
    for await (const result of new IngestPool(settings, 3, entry).run(tasks)) if (result.task === 1) break;
    await new Promise((resolve) => setTimeout(resolve, 200)); // time in which a thread could be started anew
    expect(runningThreads()).toBe(0);
  });
});

/** Worker threads keep a message port each open. */
function runningThreads(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length - portsBefore;
}
