import { oneLine } from '@rondo/tokenizer';

/** Everything that can go wrong with a bundle on disk, as a code that programs can test. */
export type CheckpointErrorCode =
  | 'RONDO_CHECKPOINT_MISSING' // no model at that path
  | 'RONDO_CHECKPOINT_TRUNCATED' // a file ends before what its header promises
  | 'RONDO_CHECKPOINT_CORRUPT' // a file is not what its name says, or contradicts itself
  | 'RONDO_CHECKPOINT_DTYPE' // a tensor is stored in a type that is not read here
  | 'RONDO_CHECKPOINT_CONFIG' // config.json is not a bundle's, or describes no network
  | 'RONDO_CHECKPOINT_VERSION' // written by a newer Rondo
  | 'RONDO_CHECKPOINT_VOCABULARY' // weights and tokenizer (or dataset) do not belong together
  | 'RONDO_CHECKPOINT_WEIGHTS' // tensors do not fit the network
  | 'RONDO_CHECKPOINT_OCCUPIED' // the target holds something that is not ours to replace
  | 'RONDO_CHECKPOINT_UNWRITABLE' // the folder cannot be written
  | 'RONDO_CHECKPOINT_DISK_FULL' // no space left while writing
  | 'RONDO_CHECKPOINT_LOCKED' // another live process trains in this run
  | 'RONDO_CHECKPOINT_IO'; // any other failure of the file system

/** A failure of reading or writing a bundle. The message is one line: what was expected, what came, what to do. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';

  constructor(
    readonly code: CheckpointErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(oneLine(message), options);
  }
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOENT']);

/** The errno name (`ENOENT`, …) of a failed system call, or undefined for any other value. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Turns a failed system call of a write into a typed error; typed errors pass through unchanged. */
export function writeFailure(error: unknown, what: string): CheckpointError {
  if (error instanceof CheckpointError) return error;
  const errno = errnoOf(error) ?? '';
  if (DISK_FULL.has(errno)) {
    const message = `No space left to write ${what} (${errno}); free some space or choose another folder. The previous checkpoint is untouched.`;
    return new CheckpointError('RONDO_CHECKPOINT_DISK_FULL', message, { cause: error });
  }
  if (UNWRITABLE.has(errno)) {
    const message = `Cannot write ${what} (${errno}); choose a folder that can be written.`;
    return new CheckpointError('RONDO_CHECKPOINT_UNWRITABLE', message, { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new CheckpointError('RONDO_CHECKPOINT_IO', `Writing ${what} failed: ${reason}`, { cause: error });
}

/** Turns a failed system call of a read into a typed error; typed errors pass through unchanged. */
export function readFailure(error: unknown, what: string): CheckpointError {
  if (error instanceof CheckpointError) return error;
  const errno = errnoOf(error) ?? '';
  if (errno === 'ENOENT' || errno === 'ENOTDIR') {
    const message = `Expected ${what}, but there is no such file; give the folder of a model bundle or of a run.`;
    return new CheckpointError('RONDO_CHECKPOINT_MISSING', message, { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new CheckpointError('RONDO_CHECKPOINT_IO', `Reading ${what} failed: ${reason}`, { cause: error });
}
