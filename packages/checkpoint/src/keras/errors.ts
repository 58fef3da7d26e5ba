/** Everything that can go wrong with a file of Keras, as a code that programs can test. */
export type KerasErrorCode =
  | 'RONDO_KERAS_MISSING' // no such file
  | 'RONDO_KERAS_FORMAT' // no file of Keras, or a damaged one
  | 'RONDO_KERAS_LIMIT' // larger than what is read here
  | 'RONDO_KERAS_ARCHITECTURE' // a network that Rondo does not have
  | 'RONDO_KERAS_LAYOUT' // weights without a description, and no layout that fits them
  | 'RONDO_KERAS_WEIGHTS' // arrays are missing, or do not fit their layer
  | 'RONDO_KERAS_NOTES' // the notes cannot be read
  | 'RONDO_KERAS_VOCABULARY' // notes and network have different numbers of tokens
  | 'RONDO_KERAS_OPTION'; // an option of the import is wrong

/** A failure of reading a Keras model. The message is one line: what was expected, what came, what to do. */
export class KerasError extends Error {
  override readonly name = 'KerasError';

  constructor(
    readonly code: KerasErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message.replace(/\s+/g, ' ').trim(), options);
  }
}

/** A text of a file in quotes, shortened: files may hold anything. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

export function formatError(label: string, what: string, cause?: unknown): KerasError {
  const message = `${label} is no Keras file that can be read: ${what}; give a .h5, .hdf5, .weights.h5 or .keras file as Keras saved it.`;
  return new KerasError('RONDO_KERAS_FORMAT', message, { cause });
}

const SUPPORTED =
  'Rondo reads chains of LSTM, Bidirectional(LSTM), Dropout, BatchNormalization, Dense and Activation layers from (window, 1) to a softmax';

/** A network that is not of the family: says what was found and what is supported. */
export function unsupported(found: string): KerasError {
  return new KerasError('RONDO_KERAS_ARCHITECTURE', `This network cannot be imported: ${found}. ${SUPPORTED}.`);
}
