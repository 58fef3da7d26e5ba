import { oneLine } from './one-line.js';

/** What the process ends with; scripts rely on these. */
export const exitCode = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {
  readonly code = 'RONDO_USAGE';

  constructor(message: string) {
    super(oneLine(message));
  }
}

/** The work could not be done although the call was right: exit code 1. */
export class CommandError extends Error {
  readonly code = 'RONDO_COMMAND';
}

/** The user stopped the work; what could be saved has been saved: exit code 130. */
export class InterruptedError extends Error {
  readonly code = 'RONDO_INTERRUPTED';
}
