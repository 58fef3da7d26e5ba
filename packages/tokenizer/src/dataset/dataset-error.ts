import { oneLine } from '../one-line.js';

/** What is wrong with inputs, options, the output folder or a dataset. */
export type DatasetErrorCode =
  | 'RONDO_DATASET_INPUT' // an input does not exist or cannot be read
  | 'RONDO_DATASET_OPTION'
  | 'RONDO_DATASET_EMPTY' // no usable file
  | 'RONDO_DATASET_FOREIGN' // the output folder holds something else
  | 'RONDO_DATASET_BUSY' // another process is making it
  | 'RONDO_DATASET_WRITE' // not writable, disk full
  | 'RONDO_DATASET_MISSING' // nothing to open
  | 'RONDO_DATASET_CORRUPT'
  | 'RONDO_DATASET_RANGE'
  | 'RONDO_DATASET_CLOSED'
  | 'RONDO_DATASET_ABORTED';

/** A dataset that cannot be made, opened or read, with the reason in one line. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  constructor(
    readonly code: DatasetErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(oneLine(message), options);
  }
}

/** @throws DatasetError RONDO_DATASET_ABORTED once the signal was given. */
export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const message = 'stopped before the dataset was complete; the same command goes on where this one stopped';
  throw new DatasetError('RONDO_DATASET_ABORTED', message);
}
