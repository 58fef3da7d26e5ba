import { appendFileSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFolder, temporaryFolders, tunes, writeCorpus } from '../testing/corpus.js';
import { prepareDataset } from './prepare.js';
import type { PrepareOptions } from './types.js';

const folder = temporaryFolders();

interface Place {
  readonly root: string;
  readonly options: PrepareOptions;
}

function place(rest: Partial<PrepareOptions> = {}): Place {
  const root = folder();
  writeCorpus(join(root, 'midi'), { ...tunes(20), 'copy.mid': tunes(3)['02.mid'], 'bad.mid': new Uint8Array(9) });
  writeCorpus(join(root, 'test'), { 'again.mid': tunes(6)['05.mid'] });
  const inputs = [join(root, 'midi')];
  return {
    root,
    options: { inputs, test: join(root, 'test'), out: join(root, 'out', 'set'), transpose: [-1, 1], ...rest },
  };
}

const bytesOf = (dir: string): Record<string, string> =>
  Object.fromEntries(listFolder(dir).map((name) => [name, readFileSync(join(dir, name), 'base64')]));

/** Runs until `files` files are read; gives the numbers of files at which this run began and ended. */
async function runUntil({ options }: Place, files: number): Promise<{ from: number; to: number; error?: string }> {
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress: PrepareOptions['onProgress'] = ({ phase, done }) => {
    if (phase === 'read') seen.push(done);
    if (done >= files) stop.abort();
  };
  const error = await prepareDataset({ ...options, signal: stop.signal, onProgress }).then(
    () => undefined,
    (reason: { code: string }) => reason.code,
  );
  return { from: seen[0], to: seen[seen.length - 1], error };
}

describe('prepare that was stopped', () => {
  it('goes on where it was, and makes the same bytes and report as without a break', async () => {
    const conditions = { key: 'score', genre: 'folder' } as const;
    const whole = place({ conditions });
    const { files, tokens, unknown, conditions: said } = await prepareDataset(whole.options);
    const broken = { ...whole, options: { ...whole.options, out: join(whole.root, 'other', 'set') } };
    expect(await runUntil(broken, 5)).toEqual({ from: 1, to: 5, error: 'RONDO_DATASET_ABORTED' });
    expect(listFolder(join(whole.root, 'other'))).toEqual(['set.partial']);
    expect(await runUntil(broken, 17)).toEqual({ from: 6, to: 17, error: 'RONDO_DATASET_ABORTED' });
    const report = await prepareDataset(broken.options);
    expect(report).toMatchObject({ files, tokens, unknown, conditions: said });
    expect(bytesOf(broken.options.out)).toEqual(bytesOf(whole.options.out));
    expect(listFolder(join(whole.root, 'other'))).toEqual(['set']);
  });

  it('believes no half-written line and no ids that are not there', async () => {
    const whole = place();
    await prepareDataset(whole.options);
    const good = bytesOf(whole.options.out);
    for (const damage of [
      (dir: string): void => appendFileSync(join(dir, 'journal.jsonl'), '{"hash":"ab'),
      (dir: string): void => truncateSync(join(dir, 'spool'), 1001),
      (dir: string): void => writeFileSync(join(dir, 'journal.jsonl'), 'nonsense\n'),
    ]) {
      expect((await runUntil(whole, 12)).error).toBe('RONDO_DATASET_ABORTED');
      damage(`${whole.options.out}.partial`);
      await prepareDataset(whole.options);
      expect(bytesOf(whole.options.out)).toEqual(good);
    }
  });

  it('begins anew where an option or a file changed', async () => {
    const whole = place();
    await runUntil(whole, 9);
    const other = { ...whole, options: { ...whole.options, transpose: [0, 0] as const } };
    expect((await runUntil(other, 9)).from).toBe(1);
    utimesSync(join(whole.root, 'midi', '07.mid'), 1, 1);
    expect((await runUntil(other, 9)).from).toBe(1);
    expect((await runUntil(other, 12)).from).toBe(10);
  });

  it('loses nothing by a mistyped input, and keeps nothing of a dataset that cannot be', async () => {
    const whole = place();
    await runUntil(whole, 9);
    await expect(prepareDataset({ ...whole.options, inputs: [join(whole.root, 'none')] })).rejects.toThrow(/none/);
    expect((await runUntil(whole, 11)).from).toBe(10);
    writeCorpus(join(whole.root, 'bad'), { 'a.mid': new Uint8Array(3) });
    await expect(prepareDataset({ ...whole.options, inputs: [join(whole.root, 'bad')] })).rejects.toThrow(/no usable/);
    expect(listFolder(join(whole.root, 'out'))).toEqual([]);
  });
});
