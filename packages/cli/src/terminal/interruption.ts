import { setImmediate } from 'node:timers/promises';
import { exitCode, InterruptedError } from './exit-codes.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Aborted by the first Ctrl-C, which asks the running work to save and end. The second one ends the process. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS)
    process.on(name, () => {
      if (controller.signal.aborted) return endAtOnce(name);
      controller.abort();
      process.stderr.write('\nstopping (press Ctrl-C again to quit at once)\n');
    });
  return controller.signal;
}

/**
 * By the signal itself, which shells report as 130: `process.exit` would first wait for the engine's running call, and
 * that may take minutes.
 */
function endAtOnce(name: NodeJS.Signals): void {
  process.exitCode = exitCode.interrupted;
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/** Runs `work`; whatever it throws after Ctrl-C is the end that was asked for. @throws InterruptedError with `message` */
export async function interruptible<T>(signal: AbortSignal, message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw new InterruptedError(message);
    throw error;
  }
}

/** A moment between two long steps on the main thread, at which a Ctrl-C is heard. @throws the signal's reason */
export async function stopPoint(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
