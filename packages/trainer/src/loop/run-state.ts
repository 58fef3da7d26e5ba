import { type CheckpointName, loadTrainerState, type TrainerState, type TrainingState } from '@rondo/checkpoint';
import { join } from 'node:path';
import { z } from 'zod';
import { TrainerError } from '../errors.js';
import { resolveSettings, type TrainSettings } from '../presets/settings.js';
import { identitySchema } from './dataset-identity.js';
import { progressSchema } from './progress.js';
import { summarySchema } from './summary.js';

const VERSION = 1;

const schema = z.strictObject({
  version: z.literal(VERSION),
  preset: z.string(),
  settings: z.record(z.string(), z.unknown()),
  dataset: identitySchema,
  /** Updates that the schedule was laid over when this was written; absent in states that are older than this field. */
  plannedSteps: z.int().min(1).optional(),
  progress: progressSchema,
  /** Of the sitting that wrote this state. */
  summary: summarySchema.nullable(),
});

/** What the trainer keeps in a run's `last` checkpoint. Plain JSON. */
export type RunState = Omit<z.infer<typeof schema>, 'settings'> & { settings: TrainSettings };

export function encodeState(state: Omit<RunState, 'version'>): TrainerState {
  return { version: VERSION, ...state };
}

/**
 * The state in a checkpoint of a run, or undefined where there is none to go on from.
 * @throws TrainerError `RONDO_TRAINER_STATE`; CheckpointError where the checkpoint is damaged
 */
export async function loadRunState(run: string, name: CheckpointName = 'last'): Promise<RunState | undefined> {
  const training = await loadTrainerState(run, name);
  return training && decodeState(training, join(run, name));
}

/** The trainer's own part of a checkpoint that stands in `folder`. @throws TrainerError `RONDO_TRAINER_STATE` */
export function decodeState(training: TrainingState, folder: string): RunState {
  const result = schema.safeParse(training.trainer);
  if (result.success) return { ...result.data, settings: decodeSettings(result.data.settings, folder) };
  const issue = result.error.issues[0];
  throw new TrainerError(
    'RONDO_TRAINER_STATE',
    `The training state in ${folder} is not one that this version can go on from (its ${issue?.path.join('.') || 'form'} is not as expected); start a new run`,
  );
}

/** Wrong settings in a file are no wrong usage. */
function decodeSettings(settings: Record<string, unknown>, folder: string): TrainSettings {
  try {
    return resolveSettings(settings as Partial<TrainSettings>);
  } catch (error) {
    throw new TrainerError(
      'RONDO_TRAINER_STATE',
      `The training state in ${folder} holds settings that cannot be used: ${(error as Error).message}; start a new run`,
      { cause: error },
    );
  }
}
