import { CheckpointError } from '../errors.js';

/**
 * JSON text of a value.
 * @throws CheckpointError `RONDO_CHECKPOINT_CONFIG` for NaN and infinities, which JSON would turn into null without a word, and
 *   for values that are nested too deeply to be written
 */
export function jsonBytes(value: unknown, label: string): Uint8Array {
  const checked = (key: string, item: unknown) => {
    if (typeof item !== 'number' || Number.isFinite(item)) return item;
    const message = `${label} cannot hold ${item} (at ${JSON.stringify(key)}); leave the key out or store null.`;
    throw new CheckpointError('RONDO_CHECKPOINT_CONFIG', message);
  };
  try {
    return new TextEncoder().encode(`${JSON.stringify(value, checked, 2)}\n`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the stack is too small for it
    const message = `${label} cannot hold values that are nested so deeply; leave them out.`;
    throw new CheckpointError('RONDO_CHECKPOINT_CONFIG', message, { cause: error });
  }
}

/** Parses a JSON file's bytes. */
export function parseJson(bytes: Uint8Array, label: string): unknown {
  if (bytes.byteLength === 0) {
    throw new CheckpointError('RONDO_CHECKPOINT_TRUNCATED', `${label} is empty; copy or save the model again.`);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const message = `${label} is not valid JSON (${bytes.byteLength} bytes, perhaps cut short); copy or save the model again.`;
    throw new CheckpointError('RONDO_CHECKPOINT_CORRUPT', message, { cause: error });
  }
}
