import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const made: string[] = [];

afterEach(async () => {
  for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'rondo-checkpoint-'));
  made.push(path);
  return path;
}

/** Every file below a folder with its content, to see that nothing was changed or lost. */
export async function snapshot(folder: string, prefix = ''): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isDirectory()) Object.assign(out, await snapshot(path, `${prefix}${name}/`));
    else out[prefix + name] = (await readFile(path)).toString('base64');
  }
  return out;
}

/** Cuts a file after `bytes`. */
export async function truncateFile(path: string, bytes: number): Promise<void> {
  await writeFile(path, (await readFile(path)).subarray(0, bytes));
}
