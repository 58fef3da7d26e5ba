import { isDeepStrictEqual } from 'node:util';
import { TrainerError } from '../errors.js';
import { resolveSettings, type TrainSettings } from '../presets/settings.js';
import { describeDataset, type DatasetIdentity } from './dataset-identity.js';
import type { RunOptions } from './options.js';
import type { RunState } from './run-state.js';
import { learningRateAt } from './schedule.js';

/** What may be given anew when a run goes on: how long, how closely watched, and the step size. */
const CHANGEABLE: readonly (keyof TrainSettings)[] = ['epochs', 'patience', 'evaluateEvery', 'learningRate'];

/** The settings that a run goes on with, and what is worth saying about them. */
export interface ResumedSettings {
  settings: TrainSettings;
  warnings: string[];
}

/**
 * Lays newly given settings over those of a run.
 * @throws TrainerError `RONDO_TRAINER_MISMATCH`, naming both sides, for another dataset, preset, or any setting that would
 *   make it another training
 */
export function resumeSettings(
  state: RunState,
  { run, preset, network }: RunOptions,
  given: Partial<TrainSettings>,
  dataset: DatasetIdentity,
): ResumedSettings {
  if (state.dataset.digest !== dataset.digest) {
    throw mismatch(run, 'dataset', describeDataset(state.dataset), describeDataset(dataset));
  }
  const named = network === undefined ? preset : CUSTOM_PRESET;
  if (named !== undefined && named !== state.preset) throw mismatch(run, 'preset', state.preset, named);
  for (const [name, value] of Object.entries(given) as [keyof TrainSettings, unknown][]) {
    if (CHANGEABLE.includes(name) || sameSetting(value, state.settings[name])) continue;
    throw mismatch(run, name, JSON.stringify(state.settings[name]), JSON.stringify(value));
  }
  const settings = resolveSettings(state.settings, given, { optimizer: state.settings.optimizer });
  const { learningRate } = state.settings;
  const warnings =
    given.learningRate === undefined || given.learningRate === learningRate
      ? []
      : [
          `The learning rate changes from ${learningRate} to ${given.learningRate}; the run is no longer what one sitting gives`,
        ];
  return { settings, warnings };
}

/**
 * What there is to say when the schedule of a run is laid over `steps` updates from now on: nothing while the updates so far
 * are those that one sitting would have made.
 */
export function replanWarnings(state: RunState, settings: TrainSettings, steps: number): string[] {
  const { progress, plannedSteps = steps } = state;
  if (progress.step === 0) return [];
  const last = learningRateAt(state.settings, progress.step - 1, plannedSteps);
  if (last === learningRateAt(state.settings, progress.step - 1, steps)) return [];
  const next = learningRateAt(settings, progress.step, steps);
  return [
    `The ${settings.schedule} schedule was laid over ${plannedSteps} updates and now goes over ${steps}: ` +
      `the learning rate goes from ${rounded(last)} to ${rounded(next)}, and the run is no longer what one sitting gives; ` +
      'to keep to the first plan, give the same number of passes and of updates at most',
  ];
}

const rounded = (rate: number) => Number(rate.toPrecision(3));

/** What a run is called whose network came from the caller. */
export const CUSTOM_PRESET = 'custom';

/** A spec that names fewer of its options than the stored one asks for the same where those agree. */
function sameSetting(given: unknown, stored: unknown): boolean {
  if (typeof given !== 'object' || given === null) return isDeepStrictEqual(given, stored);
  return Object.entries(given).every(([key, value]) =>
    isDeepStrictEqual(value, (stored as Record<string, unknown>)[key]),
  );
}

function mismatch(run: string, what: string, before: string, now: string): TrainerError {
  return new TrainerError(
    'RONDO_TRAINER_MISMATCH',
    `${run} was trained with ${what} ${before} and cannot go on with ${now}; leave that option out, or train into another folder`,
  );
}
