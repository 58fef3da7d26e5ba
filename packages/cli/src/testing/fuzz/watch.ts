/** The most that reading a small file may cost: seconds of processor time, and bytes. */
const MOST_SECONDS = 1;
const MOST_BYTES = 200 * 2 ** 20;

/** How the cases of one target ended. */
export interface Tally {
  cases: number;
  accepted: number;
  refused: number;
  codes: Record<string, number>;
  slowestSeconds: number;
}

export function newTally(): Tally {
  return { cases: 0, accepted: 0, refused: 0, codes: {}, slowestSeconds: 0 };
}

/**
 * Runs one case: it must end with a result or with a typed error in one line, soon, without much memory, and leave
 * nothing behind in the process. Processor time is what counts: other work on the machine is not the file's fault.
 */
export async function watchCase(tally: Tally, label: string, act: () => unknown): Promise<void> {
  const peak = process.resourceUsage().maxRSS;
  const began = process.cpuUsage();
  tally.cases++;
  try {
    await act();
    tally.accepted++;
  } catch (error) {
    refused(tally, label, error);
  }
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6;
  tally.slowestSeconds = Math.max(tally.slowestSeconds, seconds);
  if (seconds > MOST_SECONDS) throw new Error(`${label}: ${seconds.toFixed(2)} s of processor time`);
  const grown = (process.resourceUsage().maxRSS - peak) * 1024;
  if (grown > MOST_BYTES) throw new Error(`${label}: ${Math.round(grown / 2 ** 20)} MiB`);
  if ('polluted' in {} || 'polluted' in globalThis) throw new Error(`${label}: something of the file was executed`);
}

function refused(tally: Tally, label: string, error: unknown): void {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || !code.startsWith('RONDO_') || code.endsWith('_INTERNAL'))
    throw new Error(`${label}: ${String(code)} ${(error as Error).stack}`, { cause: error });
  if (String(message).includes('\n')) throw new Error(`${label}: a message of several lines: ${String(message)}`);
  if (String(message).length > 4000) throw new Error(`${label}: a message of ${String(message).length} characters`);
  tally.refused++;
  tally.codes[code] = (tally.codes[code] ?? 0) + 1;
}
