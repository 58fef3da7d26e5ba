import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockRun } from '@rondo/checkpoint';
import type { Dataset } from '@rondo/tokenizer';
import { openDataset } from '@rondo/tokenizer/node';
import { TrainerError, UsageError } from '../errors.js';
import type { TuneOptions } from './options.js';
import { newStudy, openStudy } from './open-study.js';
import { StudyRunner } from './study-runner.js';
import { trialFolder } from './trial-run.js';
import { summariseStudy, type TuneSummary } from './tune-summary.js';

/**
 * Searches hyper-parameters by random points and successive halving. The folder `out` holds `study.json`, the runs of the
 * trials (`trials/NNNN`), and at the end the model of the best one (`best`), so that it can be used as a run. The same dataset,
 * options and seed try the same points and find the same losses, however often the search was interrupted.
 * @throws UsageError for wrong options; TrainerError, CheckpointError, DatasetError, EngineError
 */
export async function tune(options: TuneOptions): Promise<TuneSummary> {
  const { dataset } = options;
  if (typeof dataset !== 'string') return tuneOn(dataset, options);
  const opened = await openDataset(dataset);
  try {
    return await tuneOn(opened, options);
  } finally {
    await opened.close();
  }
}

async function tuneOn(dataset: Dataset, options: TuneOptions): Promise<TuneSummary> {
  if (options.resume === true && options.overwrite === true)
    throw new UsageError('Give either resume or overwrite, not both');
  if (dataset.split('valid').pieces.length === 0)
    throw new TrainerError(
      'RONDO_TRAINER_NO_DATA',
      'A search compares held-out losses, and this dataset holds nothing out; prepare it with --split 90/10/0 or --valid',
    );
  const fresh = newStudy(dataset, options); // wrong options are found before the folder is made
  const lock = await lockRun(options.out);
  try {
    const { state, plan } = await openStudy(fresh, options);
    const runner = new StudyRunner(dataset, state, plan, options);
    const reason = await runner.run();
    const summary = summariseStudy(options.out, state, reason, dataset.manifest.baselines ?? null);
    if (reason === 'done' && summary.best !== null) await publishBest(options.out, summary.best.trial);
    return summary;
  } finally {
    await lock.release();
  }
}

/** The winner's model, where whoever opens the study's folder as a run looks for it. */
async function publishBest(folder: string, trial: number): Promise<void> {
  const [made, kept] = [join(folder, 'best.copy'), join(folder, 'best')];
  await rm(made, { recursive: true, force: true });
  await cp(join(trialFolder(folder, trial), 'best'), made, { recursive: true });
  await rm(kept, { recursive: true, force: true });
  await rename(made, kept);
}
