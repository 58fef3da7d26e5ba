import { formatError, KerasError } from '../errors.js';
import { LIMITS } from '../limits.js';

/** JSON inside of a Keras file. @throws KerasError `RONDO_KERAS_FORMAT`, `RONDO_KERAS_LIMIT` */
export function parseJsonText(text: string, label: string): unknown {
  if (text.length > LIMITS.configLength) {
    const message = `${label} is longer than what is read: ${text.length} characters, at most ${LIMITS.configLength}.`;
    throw new KerasError('RONDO_KERAS_LIMIT', message);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw formatError(label, `it is no JSON (${(error as Error).message})`, error);
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
