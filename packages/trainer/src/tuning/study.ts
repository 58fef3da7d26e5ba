import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TrainerError } from '../errors.js';
import { identitySchema } from '../loop/dataset-identity.js';

const pointSchema = z.strictObject({
  layers: z.number(),
  units: z.number(),
  embedding: z.number(),
  inputDropout: z.number(),
  dropout: z.number(),
  sequence: z.number(),
  batch: z.number(),
  learningRate: z.number(),
  recurrentDropout: z.number().default(0),
  tied: z.number().default(0),
  labelSmoothing: z.number().default(0),
  batchNorm: z.number().default(0),
});

const resultSchema = z.strictObject({
  /** From 0. */
  rung: z.int().min(0),
  /** Updates, and passes over the data, since the trial began. */
  steps: z.int().min(0),
  epochs: z.number(),
  /** Least nats per held-out token so far, and the accuracy of that evaluation. */
  validLoss: z.number(),
  validAccuracy: z.number(),
  /** Training time of the trial so far. */
  seconds: z.number(),
});

const trialSchema = z.strictObject({
  /** From 1. */
  trial: z.int().min(1),
  point: pointSchema,
  /** Values of the network; 0 while it has not been made. */
  parameters: z.number(),
  results: z.array(resultSchema),
  /** Why the trial cannot go on: its numbers diverged, or the settings do not suit the data. */
  failure: z.string().optional(),
});

const studySchema = z.strictObject({
  format: z.literal('rondo-study'),
  formatVersion: z.literal(1),
  dataset: identitySchema,
  /** What decides the trials and their training; resuming needs the same. */
  options: z.strictObject({
    trials: z.number(),
    epochs: z.number(),
    reduction: z.number(),
    seed: z.number(),
    objective: z.enum(['all', 'last']),
    space: z.record(z.string(), z.unknown()),
  }),
  trials: z.array(trialSchema),
});

/** What a trial had reached at the end of a rung. */
export type TrialResult = z.infer<typeof resultSchema>;
/** One point of the search and what has come of it. */
export type Trial = z.infer<typeof trialSchema>;
/** What `study.json` holds. */
export type StudyState = z.infer<typeof studySchema>;

export const STUDY_FILE = 'study.json';

/** The study of a folder, or undefined where there is none. @throws TrainerError `RONDO_TRAINER_STATE` */
export async function readStudy(folder: string): Promise<StudyState | undefined> {
  const file = join(folder, STUDY_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(folder, error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = studySchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new TrainerError(
    'RONDO_TRAINER_STATE',
    `${file} is not a study that can be taken up (${issue?.path.join('.') || 'the whole file'}: ${issue?.message}); ` +
      'begin anew with --overwrite',
  );
}

/** Replaces the study of a folder, which is there, at once: a reader sees the old one or the new one. */
export async function writeStudy(folder: string, study: StudyState): Promise<void> {
  const file = join(folder, STUDY_FILE);
  try {
    const handle = await open(`${file}.new`, 'w');
    try {
      await handle.writeFile(`${JSON.stringify(study, undefined, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  } catch (error) {
    throw unusable(folder, error);
  }
}

function unusable(folder: string, error: unknown): TrainerError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new TrainerError(
    'RONDO_TRAINER_UNWRITABLE',
    `Cannot use ${folder} as the folder of a study (${reason}); free some space or choose another one`,
    { cause: error },
  );
}
