import path from 'node:path';
import { writePieceFiles } from './pieces.js';
import { rondoJson } from './run-rondo.js';

/**
 * A run in `FOLDER/run`, its pieces in `FOLDER/midi`, that has learnt a little of a few pieces, by the commands a user would give.
 * @returns its folder
 */
export async function trainSmallRun(folder: string, pieces = 6): Promise<string> {
  const [midi, data, run] = ['midi', 'data', 'run'].map((name) => path.join(folder, name)) as [string, string, string];
  writePieceFiles(midi, pieces);
  await rondoJson(['prepare', midi, '--out', data, '--split', '80/20/0']);
  await rondoJson(['train', data, '--out', run, '--epochs', '1', '--batch', '4', '--max-steps', '20']);
  return run;
}
