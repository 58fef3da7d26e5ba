import { afterEach, expect } from 'vitest';
import type { Bundle } from '../bundle/bundle.js';
import { CheckpointError } from '../errors.js';
import { loadBundle } from '../load.js';
import { tinyBundle } from './tiny-bundle.js';

const open: Bundle[] = [];
afterEach(() => open.splice(0).forEach(({ network }) => network.dispose()));

/** A bundle that goes away with the test. */
export function disposedLater(bundle: Bundle): Bundle {
  open.push(bundle);
  return bundle;
}

export function tiny(...args: Parameters<typeof tinyBundle>): Bundle {
  return disposedLater(tinyBundle(...args));
}

export async function load(path: string): Promise<Bundle> {
  return disposedLater(await loadBundle(path, { device: 'cpu', threads: 1 }));
}

/** What is thrown: a typed error of one line. */
export async function failure(promise: Promise<unknown>): Promise<CheckpointError> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CheckpointError);
  expect((error as Error).message).not.toContain('\n');
  return error as CheckpointError;
}

export const parameters = (bundle: Bundle) => bundle.network.readParameters();
