import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Dataset } from '@rondo/tokenizer';
import { TrainerError } from '../errors.js';
import { describeDataset, identifyDataset } from '../loop/dataset-identity.js';
import { type HalvingPlan, planHalving } from './halving.js';
import { TUNE_DEFAULTS, type TuneOptions } from './options.js';
import { resolveSpace, samplePoint, type SearchSpace } from './space.js';
import { readStudy, STUDY_FILE, type StudyState, writeStudy } from './study.js';

/**
 * The study of a folder that is gone on with, or the fresh one, written.
 * @throws TrainerError `RONDO_TRAINER_RUN_EXISTS` where there is one and neither resume nor overwrite was asked for,
 *   `RONDO_TRAINER_MISMATCH` where it was begun with other options or another dataset
 */
export async function openStudy(
  fresh: StudyState,
  options: TuneOptions,
): Promise<{ state: StudyState; plan: HalvingPlan }> {
  const plan = planHalving(fresh.options);
  const found = options.overwrite === true ? undefined : await readStudy(options.out);
  if (found === undefined) {
    await clearStudy(options.out);
    await writeStudy(options.out, fresh);
    return { state: fresh, plan };
  }
  if (options.resume !== true)
    throw new TrainerError(
      'RONDO_TRAINER_RUN_EXISTS',
      `${options.out} already holds a study; go on with --resume, choose another folder, or replace it with --overwrite`,
    );
  compare(options.out, found, fresh);
  return { state: found, plan };
}

/** A study before its first trial. @throws UsageError for options that make no search */
export function newStudy(dataset: Dataset, given: TuneOptions): StudyState {
  const { trials, epochs, reduction, objective, seed } = { ...TUNE_DEFAULTS, ...withoutUndefined(given) };
  const space = resolveSpace(given.space);
  planHalving({ trials, epochs, reduction }); // its complaints come before anything is sampled
  return {
    format: 'rondo-study',
    formatVersion: 1,
    dataset: identifyDataset(dataset),
    options: { trials, epochs, reduction, seed, objective, space: { ...space } },
    trials: Array.from({ length: trials }, (_, index) => newTrial(space, seed, index + 1)),
  };
}

function newTrial(space: SearchSpace, seed: number, trial: number) {
  return { trial, point: samplePoint(space, seed, trial), parameters: 0, results: [] };
}

function withoutUndefined(options: TuneOptions): TuneOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as TuneOptions;
}

function compare(folder: string, found: StudyState, fresh: StudyState): void {
  const mismatch = (what: string, before: string, now: string) =>
    new TrainerError(
      'RONDO_TRAINER_MISMATCH',
      `${folder} was begun with ${what} ${before} and cannot go on with ${now}; leave that option as it was, or search into another folder`,
    );
  if (found.dataset.digest !== fresh.dataset.digest)
    throw mismatch('dataset', describeDataset(found.dataset), describeDataset(fresh.dataset));
  for (const [name, now] of Object.entries(fresh.options)) {
    const before = found.options[name as keyof StudyState['options']];
    if (!isDeepStrictEqual(before, now)) throw mismatch(name, JSON.stringify(before), JSON.stringify(now));
  }
}

async function clearStudy(folder: string): Promise<void> {
  for (const name of [STUDY_FILE, 'trials', 'best', 'best.copy'])
    await rm(join(folder, name), { recursive: true, force: true });
}
