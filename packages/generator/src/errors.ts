/** What can go wrong on the way to new music, as a code that programs can test. */
export type GeneratorErrorCode =
  | 'RONDO_GENERATOR_OPTION' // an option out of its range, or options that exclude each other
  | 'RONDO_GENERATOR_CONSTRAINT' // wishes that this model's tokens cannot meet
  | 'RONDO_GENERATOR_PRIME' // nothing to start from
  | 'RONDO_GENERATOR_MODEL' // a network that cannot be sampled token by token
  | 'RONDO_GENERATOR_ABORTED'; // stopped by the caller's signal

/** A failure of generation. The message is one line: what was expected, what came, what to do. */
export class GeneratorError extends Error {
  override readonly name = 'GeneratorError';

  constructor(
    readonly code: GeneratorErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The one line about an option with a wrong value; long values are cut. */
export function expectation(option: string, expected: string, received: unknown): string {
  return `${option}: expected ${expected}, received ${shown(received)}`;
}

const MOST_SHOWN = 60;

function shown(value: unknown): string {
  // JSON has no NaN, and lists of numbers are shorter as they are.
  const text = typeof value === 'number' || ArrayBuffer.isView(value) ? String(value) : asJson(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return 'a value that JSON cannot show';
  }
}
