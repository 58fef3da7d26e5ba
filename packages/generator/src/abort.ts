import { GeneratorError } from './errors.js';

/** @throws GeneratorError RONDO_GENERATOR_ABORTED once the signal is aborted */
export function refuseAborted(signal?: AbortSignal): void {
  if (!signal?.aborted) return;
  throw new GeneratorError('RONDO_GENERATOR_ABORTED', 'Generation was stopped.', { cause: signal.reason });
}
