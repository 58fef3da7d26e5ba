import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainerError } from '../errors.js';
import type { Metrics } from './events.js';

export const METRICS_FILE = 'metrics.jsonl';

/** `metrics.jsonl` of a run: one evaluation per line. */
export class MetricsFile {
  readonly path: string;

  constructor(run: string) {
    this.path = join(run, METRICS_FILE);
  }

  /** Starts an empty file; also shows that the folder can be written before hours of work go into it. */
  async clear(): Promise<void> {
    await this.#write(() => writeFile(this.path, ''));
  }

  async append(metrics: Metrics): Promise<void> {
    await this.#write(() => appendFile(this.path, `${JSON.stringify(metrics)}\n`));
  }

  /** Drops the lines after update `step`: a process that died after writing them will write them again. */
  async keepUntil(step: number): Promise<void> {
    const kept = (await readMetrics(this.path)).filter((line) => line.step <= step);
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

/** The lines of a `metrics.jsonl`, or of the one in a run's folder; a last line that was cut short is left out. */
export async function readMetrics(path: string): Promise<Metrics[]> {
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
      return line === '' ? [] : [JSON.parse(line) as Metrics];
    } catch {
      return [];
    }
  });
}
