import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePieceFiles } from '../testing/pieces.js';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const space = at('space.yaml');
const search = [at('data'), '--trials', '3', '--epochs', '2', '--threads', '1', '--space', space];

interface Summary {
  reason: string;
  best: { trial: number; epochs: number; validLoss: number; point: { units: number } };
  command: string;
  trials: unknown[];
  pictures: string[];
}

beforeAll(async () => {
  writePieceFiles(at('midi'), 6);
  await rondoJson(['prepare', at('midi'), '--out', at('data'), '--split', '70/30/0']);
  fs.writeFileSync(space, 'units: [8, 12]\nlayers: 1\nembedding: 8\nsequence: [16, 32]\nbatch: 4\n');
});

/** Runs the command that a search printed, with one thread, and returns the held-out loss of the model. */
async function lossOf(command: string): Promise<number> {
  const [name, ...args] = command.split(' ');
  expect(name).toBe('rondo');
  const { best } = await rondoJson<{ best: { validLoss: number } }>([...args, '--threads', '1']);
  return best.validLoss;
}

describe('rondo tune', () => {
  it('leaves a table, pictures and a model that composes', async () => {
    const summary = await rondoJson<Summary>(['tune', ...search, '--out', at('study')]);
    expect(summary).toMatchObject({ reason: 'done', best: { epochs: 2 } });
    expect([8, 12]).toContain(summary.best.point.units);
    expect(summary.trials).toHaveLength(3);
    expect(summary.pictures.every((file) => fs.statSync(file).size > 1000)).toBe(true);
    expect(await lossOf(summary.command)).toBe(summary.best.validLoss);
    const again = await rondo(['tune', ...search, '--out', at('study'), '--resume']);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain(`\n  ${summary.command}\n`);
    expect(again.stdout).toMatch(/trial +loss +right[^]*\n +\d+ +\d\.\d{3}/);
    await rondoJson(['generate', at('study'), '--out', at('piece.mid'), '--length', '20']);
    expect(fs.readFileSync(at('piece.mid')).toString('latin1', 0, 4)).toBe('MThd');
  });

  it('prints how to train the best one where networks are told of the frames before, too', async () => {
    const prepare = ['prepare', at('midi'), '--out', at('frames'), '--split', '70/30/0', '--scheme', 'grid'];
    await rondoJson(prepare);
    const args = [at('frames'), '--trials', '1', '--epochs', '1', '--threads', '1', '--space', space];
    const { best, command } = await rondoJson<Summary>(['tune', ...args, '--out', at('told')]);
    expect(command).toContain('--preset chorales');
    expect(await lossOf(command)).toBe(best.validLoss);
  });

  it.each([
    [[...search, '--out', 'x', '--space', path.join(import.meta.dirname, 'none.yaml')], 'none.yaml cannot be read'],
    [[...search, '--out', 'x', '--trials', '0'], 'trials: expected a whole number from 1'],
    [[...search, '--out', 'x', '--max-minutes', '-1'], '--max-minutes'],
  ])('ends with 2 and one line for %j', async (args, named) => {
    const { code, stderr } = await rondo(['tune', ...args], { cwd: folder });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(named);
    expect(code).toBe(2);
  });

  it('names the key of the space that is wrong', async () => {
    fs.writeFileSync(at('wrong.json'), '{"width": [1]}');
    const { code, stderr } = await rondo(['tune', ...search, '--space', at('wrong.json'), '--out', at('x')]);
    expect(stderr).toContain('no "width"; there are: layers, units');
    expect(code).toBe(2);
  });
});
