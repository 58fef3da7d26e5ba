import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainerError } from '../errors.js';
import { METRICS_FILE } from './metrics-file.js';

/** What a training writes into its folder. */
const OUR_FILES = [
  'last',
  'last.new',
  'last.old',
  'best',
  'best.new',
  'best.old',
  'good',
  'good.new',
  'good.old',
  METRICS_FILE,
];

/** Whether a training has written into this folder. */
export async function holdsRun(run: string): Promise<boolean> {
  return (await runFiles(run)).length > 0;
}

/**
 * Refuses a folder that holds a run, so that nobody loses one by repeating a command.
 * @throws TrainerError `RONDO_TRAINER_RUN_EXISTS`
 */
export async function refuseExistingRun(run: string): Promise<void> {
  const found = await runFiles(run);
  if (found.length === 0) return;
  throw new TrainerError(
    'RONDO_TRAINER_RUN_EXISTS',
    `${run} already holds a run (${found.join(', ')}); go on with --resume, choose another folder, or replace it with --overwrite`,
  );
}

/** Deletes the state that a diverging training would go back to: a finished one needs it no more. */
export async function clearGood(run: string): Promise<void> {
  for (const name of ['good', 'good.new', 'good.old']) await rm(join(run, name), { recursive: true, force: true });
}

/** Deletes the checkpoints and the metrics of a run, and nothing else in the folder. */
export async function clearRun(run: string): Promise<void> {
  for (const name of OUR_FILES) await rm(join(run, name), { recursive: true, force: true });
}

async function runFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => OUR_FILES.includes(name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return [];
    throw new TrainerError(
      'RONDO_TRAINER_UNWRITABLE',
      `Cannot use ${folder} as the folder of a run (${code ?? String(error)}); choose another one`,
      { cause: error },
    );
  }
}
