import { oneLine } from '@rondo/tokenizer';

/** Everything that this package throws on purpose, as a code that programs can test. */
export type TrainerErrorCode =
  | 'RONDO_TRAINER_USAGE' // options that cannot be meant so: unknown keys or presets, values out of range, clashes
  | 'RONDO_TRAINER_NO_DATA' // nothing in the dataset (or in a piece) can be learnt or scored with these settings
  | 'RONDO_TRAINER_IDS' // token ids outside of the model's vocabulary
  | 'RONDO_TRAINER_RUN_EXISTS' // the run folder holds a run, and neither `resume` nor `overwrite` was given
  | 'RONDO_TRAINER_MISMATCH' // a run is to be resumed with another dataset or with other settings
  | 'RONDO_TRAINER_STATE' // the trainer's state in a checkpoint cannot be read
  | 'RONDO_TRAINER_MEMORY' // the training would not fit into the memory that is free
  | 'RONDO_TRAINER_DIVERGED' // the loss or the gradient is not a finite number any more
  | 'RONDO_TRAINER_UNWRITABLE'; // the run folder cannot be written

/** The message is one line: what was expected, what came, what to do. */
export class TrainerError extends Error {
  override readonly name: string = 'TrainerError';

  constructor(
    readonly code: TrainerErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(oneLine(message), options);
  }
}

/** Wrong usage rather than a failure: the command line ends with 2 for these. */
export class UsageError extends TrainerError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super('RONDO_TRAINER_USAGE', message);
  }
}

/** The one line about an option with a wrong value. Numbers as they are (JSON has no NaN), all else as JSON. */
export function expectation(option: string, expected: string, received: unknown): string {
  return `${option}: expected ${expected}, received ${shown(received)}`;
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return 'a value that is nested too deeply to be shown';
  }
}
