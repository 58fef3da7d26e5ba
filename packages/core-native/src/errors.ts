/** Everything the package throws on purpose carries one of these. */
export type EngineErrorCode =
  /** The network or stream was used after `dispose()`. */
  | 'RONDO_ENGINE_DISPOSED'
  /** A call was made while another one on the same network still runs. */
  | 'RONDO_ENGINE_BUSY'
  /** A batch, a tensor or a state has the wrong type, size, name or range. */
  | 'RONDO_ENGINE_SHAPE'
  /** The network spec is wrong. */
  | 'RONDO_ENGINE_SPEC'
  /** An option of a call (seed, threads, learning rate, …) is wrong. */
  | 'RONDO_ENGINE_OPTION'
  /** The call is right, but not for this network (a stream of one that reads backwards). */
  | 'RONDO_ENGINE_UNSUPPORTED'
  /** The device asked for is not there or failed. */
  | 'RONDO_ENGINE_DEVICE'
  /** Not enough memory. */
  | 'RONDO_ENGINE_MEMORY'
  /** A failure inside the engine that is not the caller's fault. */
  | 'RONDO_ENGINE_INTERNAL'
  /** No native addon could be loaded. */
  | 'RONDO_ADDON_MISSING';

/** One error class for the package; `code` tells the cases apart, `message` is one line for people. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(
    readonly code: EngineErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The common form of a complaint about an argument: what was expected, what came, what to do. */
export function unexpected(
  code: EngineErrorCode,
  subject: string,
  expected: string,
  received: string,
  remedy?: string,
): EngineError {
  const advice = remedy === undefined ? '' : `; ${remedy}`;
  return new EngineError(code, `${subject}: expected ${expected}, received ${received}${advice}`);
}

/** A short name of a value for error messages: its type, and its size where it has one. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (ArrayBuffer.isView(value) && 'length' in value) return `${value.constructor.name}(${String(value.length)})`;
  if (Array.isArray(value)) return `Array(${String(value.length)})`;
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'function') return 'a function';
  return 'an object';
}

/**
 * Waits for a call that runs on a worker thread. A failure there knows nothing of JavaScript: it gets the stack of the
 * caller, taken now.
 */
export async function settle<T>(call: Promise<T>): Promise<T> {
  const site: { stack?: string } = {};
  Error.captureStackTrace(site, settle);
  try {
    return await call;
  } catch (error) {
    if (error instanceof EngineError) {
      const frames = (site.stack ?? '').split('\n').slice(1);
      error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
    }
    throw error;
  }
}
