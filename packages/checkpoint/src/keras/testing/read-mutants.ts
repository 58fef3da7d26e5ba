import { KerasError } from '../errors.js';

/** The most that reading a small file may cost: seconds of processor time, and bytes. */
const MOST_SECONDS = 2;
const MOST_BYTES = 300 * 2 ** 20;

/** How the mutants of one file ended. */
export interface Tally {
  cases: number;
  refused: number;
  read: number;
  /** Seconds of processor time, of this thread and of the one that reads. */
  slowest: number;
  /** Bytes by which the largest one has raised the peak of the process. */
  growth: number;
}

/**
 * Reads `cases` mutants: each ends with a result or with a `KerasError` of one line, soon, and without much memory.
 * @param read reads the mutant of a number
 */
export async function readMutants(first: number, cases: number, read: (number: number) => unknown): Promise<Tally> {
  const tally: Tally = { cases, refused: 0, read: 0, slowest: 0, growth: 0 };
  for (let number = first; number < first + cases; number += 1) {
    const peak = process.resourceUsage().maxRSS;
    const began = process.cpuUsage();
    if (await isRefused(number, read)) tally.refused += 1;
    else tally.read += 1;
    const { user, system } = process.cpuUsage(began);
    tally.slowest = Math.max(tally.slowest, (user + system) / 1e6);
    tally.growth = Math.max(tally.growth, (process.resourceUsage().maxRSS - peak) * 1024);
    if (tally.slowest > MOST_SECONDS) throw new Error(`mutant ${number}: ${tally.slowest} s of processor time`);
    if (tally.growth > MOST_BYTES) throw new Error(`mutant ${number}: ${tally.growth} bytes`);
    if ('polluted' in {}) throw new Error(`mutant ${number}: something of the file was executed`);
  }
  return tally;
}

async function isRefused(number: number, read: (number: number) => unknown): Promise<boolean> {
  try {
    await read(number);
    return false;
  } catch (error) {
    if (!(error instanceof KerasError)) throw new Error(`mutant ${number}: no typed error`, { cause: error });
    if (error.message.includes('\n')) throw new Error(`mutant ${number}: a message of several lines`, { cause: error });
    return true;
  }
}

export function describeTally({ cases, refused, read, slowest, growth }: Tally): string {
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const most = Math.round(growth / 2 ** 20);
  return `${cases} cases, ${refused} refused, ${read} read, slowest ${slowest.toFixed(2)} s, most ${most} MiB, peak ${peak} MiB`;
}
