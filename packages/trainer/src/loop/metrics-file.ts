import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainerError } from '../errors.js';
import type { Metrics, Recovery } from './events.js';
import type { Progress } from './progress.js';

export const METRICS_FILE = 'metrics.jsonl';

/** `metrics.jsonl` of a run: one line per evaluation, and one where training went back because numbers went bad. */
export class MetricsFile {
  readonly path: string;

  constructor(run: string) {
    this.path = join(run, METRICS_FILE);
  }

  /** Starts an empty file; also shows that the folder can be written before hours of work go into it. */
  async clear(): Promise<void> {
    await this.#write(() => writeFile(this.path, ''));
  }

  async append(metrics: Metrics | Recovery): Promise<void> {
    await this.#write(() => appendFile(this.path, `${JSON.stringify(metrics)}\n`));
  }

  /** Drops the lines after where a training stands: a process that died after writing them will write them again. */
  async keepUntil(progress: Pick<Progress, 'step' | 'recoveries'>): Promise<void> {
    const kept = linesUntil(await readLines(this.path), progress);
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
    await this.#write(async () => {
      await writeFile(`${this.path}.new`, text);
      await rename(`${this.path}.new`, this.path);
    });
  }

  async #write(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new TrainerError(
        'RONDO_TRAINER_UNWRITABLE',
        `Cannot write ${this.path} (${reason}); free some space or choose a folder that can be written`,
        { cause: error },
      );
    }
  }
}

/** The evaluations in a `metrics.jsonl`, or in the one of a run's folder; a last line that was cut short is left out. */
export async function readMetrics(path: string): Promise<Metrics[]> {
  return (await readLines(path)).filter((line): line is Metrics => !isRecovery(line));
}

/** The recoveries in a `metrics.jsonl`, or in the one of a run's folder. */
export async function readRecoveries(path: string): Promise<Recovery[]> {
  return (await readLines(path)).filter(isRecovery);
}

function isRecovery(line: Metrics | Recovery): line is Recovery {
  return 'recovery' in line;
}

/** After each recovery the updates are counted from an earlier one again, so their number alone does not tell the order. */
function linesUntil(
  lines: readonly (Metrics | Recovery)[],
  { step, recoveries }: Pick<Progress, 'step' | 'recoveries'>,
): (Metrics | Recovery)[] {
  let seen = 0;
  return lines.filter((line) => {
    if (isRecovery(line)) seen = line.recovery;
    return seen < recoveries || (seen === recoveries && (isRecovery(line) || line.step <= step));
  });
}

async function readLines(path: string): Promise<(Metrics | Recovery)[]> {
  const file = path.endsWith('.jsonl') ? path : join(path, METRICS_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Metrics | Recovery];
    } catch {
      return [];
    }
  });
}
