import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { writeMidi } from '../midi/write-midi.js';
import type { Score } from '../score/score.js';
import { tune } from './corpus-tunes.js';

export { band, tune } from './corpus-tunes.js';

/** Folders that are gone after each test of the file that calls this. */
export function temporaryFolders(): () => string {
  const made: string[] = [];
  afterEach(() => made.splice(0).forEach((dir) => rmSync(dir, { recursive: true, force: true })));
  return () => {
    const dir = mkdtempSync(join(tmpdir(), 'rondo-dataset-'));
    made.push(dir);
    return dir;
  };
}

/** Writes scores (or raw bytes) as files below `dir`. */
export function writeCorpus(dir: string, files: Readonly<Record<string, Score | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content instanceof Uint8Array ? content : writeMidi(content));
  }
}

/** `count` different tunes named 00.mid, 01.mid, … */
export function tunes(count: number, first = 0): Record<string, Score> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${String(i + first).padStart(2, '0')}.mid`, tune(i + first)]),
  );
}

/** What stands in a folder, sorted. */
export function listFolder(dir: string): string[] {
  return readdirSync(dir).sort();
}
