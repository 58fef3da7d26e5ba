import { loadBundle } from '@rondo/checkpoint';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run as runExport } from '../actions/export.js';
import { Output } from '../terminal/output.js';
import { writePieceFiles } from '../testing/pieces.js';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';

const folder = temporaryFolder();
const run = path.join(folder, 'run');
/** More threads than any machine has cores: the command says so just before it begins to work. */
const LOUD = ['--threads', '1024'];
const BEGUN = /threads on \d+ cores/;
/** What stands in a folder that a stopped command should have written into. */
const left = (name: string) => fs.readdirSync(path.join(folder, name));

beforeAll(async () => {
  const data = path.join(folder, 'data');
  writePieceFiles(path.join(folder, 'midi'), 4);
  await rondoJson(['prepare', path.join(folder, 'midi'), '--out', data, '--split', '75/25/0']);
  await rondoJson(['train', data, '--out', run, '--units', '16', '--batch', '2', '--max-steps', '2']);
  for (const name of ['keras', 'onnx']) fs.mkdirSync(path.join(folder, name));
}, 90_000);

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it('ends a bench between two runs', async () => {
    const stopped = await rondo(['bench', '--only', 'gemm', '--seconds', '0.5'], { interruptAfter: / ms/ });
    expect(stopped).toMatchObject({ code: 130, stdout: '' });
    expect(stopped.stderr).toMatch(/rondo: stopped: not every case was measured\n$/);
    expect(stopped.stderr.match(/ ms/g)?.length).toBeLessThan(4);
  }, 60_000);

  it('ends a prediction in the middle of a long row', async () => {
    const ids = path.join(folder, 'ids.json');
    const { config, network } = await loadBundle(run);
    network.dispose();
    fs.writeFileSync(ids, JSON.stringify([Array.from({ length: 3_000_000 }, (_, i) => i % config.vocabulary)]));
    const stopped = await rondo(['predict', run, '--ids', ids, ...LOUD], { interruptAfter: BEGUN });
    expect(stopped).toMatchObject({ code: 130, stdout: '' });
    expect(stopped.stderr).toMatch(/rondo: stopped: not every row was predicted\n$/);
  }, 60_000);

  it('ends an import, of which nothing is left', async () => {
    const fixtures = path.resolve(import.meta.dirname, '../../../checkpoint/fixtures/keras');
    const notes = path.join(folder, 'notes.json');
    fs.writeFileSync(notes, JSON.stringify(Array.from({ length: 2_000_000 }, (_, i) => `${i % 100}`)));
    const out = path.join(folder, 'keras', 'model');
    const stopped = await rondo(
      ['import-keras', path.join(fixtures, 'tutorial-net.h5'), '--notes', notes, '--out', out, ...LOUD],
      { interruptAfter: BEGUN },
    );
    expect(stopped).toMatchObject({ code: 130, stdout: '' });
    expect(stopped.stderr).toMatch(/rondo: stopped: nothing was written\n$/);
    expect(left('keras')).toEqual([]);
  }, 60_000);

  it('ends an export, of which nothing is left', async () => {
    const [output, signal] = [new Output({ json: false, quiet: true }), AbortSignal.abort()];
    const out = path.join(folder, 'onnx', 'model.onnx');
    await expect(runExport({ model: run, out }, { output, signal })).rejects.toMatchObject({
      code: 'RONDO_INTERRUPTED',
    });
    expect(left('onnx')).toEqual([]);
  });
});
