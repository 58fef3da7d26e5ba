import { TrainerError } from '../errors.js';
import type { Clock } from './clock.js';
import type { TrainEvent } from './events.js';
import type { Pace } from './pace.js';
import type { Limits } from './progress.js';
import type { Session } from './session.js';

/** What the parts of the training loop share. */
export interface LoopContext {
  readonly session: Session;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly signal: AbortSignal | undefined;
  readonly emit: (event: TrainEvent) => void;
}

/** The error about a figure that is no finite number any more. */
export function diverged({ run, progress, settings }: Session, what: string): TrainerError {
  return new TrainerError(
    'RONDO_TRAINER_DIVERGED',
    `The ${what} is not a finite number after update ${progress.step + 1}; checkpoints in ${run} are as they were before. ` +
      `Train with a lower learning rate than ${settings.learningRate}, or with clipNorm (now ${settings.clipNorm})`,
  );
}
