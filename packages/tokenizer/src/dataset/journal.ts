import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PART_NAMES, type PartName } from '../table/instrument-families.js';
import { DatasetError } from './dataset-error.js';
import { Spool } from './spool.js';

/** What reading one file came to, as it stands in the journal; its ids are in the spool. */
export interface JournalEntry {
  /** Why the file is skipped. */
  readonly reason?: string;
  readonly hash: string;
  /** Transposition, stretch, number of conditions and length of each version; then the shift of velocities, unless 0, and the part alone. */
  readonly pieces: readonly (readonly [number, number, number, number, number?, PartName?])[];
  /** Tokens that got their number with this file. */
  readonly tokens: readonly string[];
}

const entrySchema = z.object({
  reason: z.string().optional(),
  hash: z.string(),
  pieces: z.array(
    z.tuple([z.number(), z.number(), z.number(), z.number(), z.number().optional(), z.enum(PART_NAMES).optional()]),
  ),
  tokens: z.array(z.string()),
});

const [JOURNAL, SPOOL, SETTINGS, LOCK] = ['journal.jsonl', 'spool', 'settings', 'lock'];

/**
 * The part of the work that can be taken up again, in a folder of its own: what was read, file by file, and the ids.
 * Lines are written only after the ids that they speak of, so that every whole line can be believed.
 */
export class Journal {
  readonly spool: Spool;
  private lines: string[] = [];
  private readonly path: string;
  private readonly isKnown: boolean;

  /** @param settings everything that the entries depend on; what was done under others is forgotten */
  constructor(folder: string, settings: string) {
    this.path = join(folder, JOURNAL);
    const [spool, settingsPath] = [join(folder, SPOOL), join(folder, SETTINGS)];
    this.isKnown = existsSync(spool) && readText(settingsPath) === settings;
    this.spool = new Spool(spool, this.isKnown);
    if (!this.isKnown) writeFileSync(this.path, '');
    writeFileSync(settingsPath, settings);
  }

  /**
   * The entries of an earlier run under the same settings, up to the first one that was not brought to the disk whole.
   * For each one the caller recalls its pieces in the spool. To be read to its end before anything new is noted.
   */
  *recall(): Generator<JournalEntry> {
    if (!this.isKnown) return;
    const text = readText(this.path);
    let [ids, from] = [0, 0];
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const entry = parseEntry(text.slice(from, end));
      ids += entry?.pieces.reduce((sum, [, , , length]) => sum + length, 0) ?? Infinity;
      if (entry === undefined || ids > this.spool.idsOnDisk) break;
      from = end + 1;
      yield entry;
    }
    writeFileSync(this.path, text.slice(0, from));
    this.spool.cutHere();
  }

  /** Notes what a file came to, after its ids went into the spool. */
  note(entry: JournalEntry): void {
    this.lines.push(`${JSON.stringify(entry)}\n`);
    if (this.lines.length >= 256) this.sync();
  }

  /** Brings ids and entries to the disk. */
  sync(): void {
    this.spool.flush();
    appendFileSync(this.path, this.lines.join(''));
    this.lines = [];
  }
}

function parseEntry(line: string): JournalEntry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/**
 * Keeps two processes from working in one folder. The lock of a process that is gone is taken over.
 * @throws DatasetError RONDO_DATASET_BUSY
 */
export function lockFolder(folder: string, out: string): void {
  const path = join(folder, LOCK);
  const owner = Number(readText(path));
  if (Number.isInteger(owner) && owner > 0 && owner !== process.pid && isAlive(owner)) {
    const message = `the dataset ${out} is being made by process ${owner}: wait for it or stop it first`;
    throw new DatasetError('RONDO_DATASET_BUSY', message);
  }
  writeFileSync(path, String(process.pid));
}

/** Whether a file of the folder is worth keeping for the next run. */
export function isKept(name: string): boolean {
  return [JOURNAL, SPOOL, SETTINGS].includes(name);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
