import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** The program that npm links as `rondo`. */
export const rondoProgram = path.resolve(import.meta.dirname, '..', '..', 'bin', 'rondo.js');

/** What a finished `rondo` process left. */
export interface RondoResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The real command line in a process of its own, on the sources of this repository's packages as built. */
export function rondo(
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; interruptAfter?: RegExp } = {},
) {
  return new Promise<RondoResult>((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: '1', ...options.env };
    const child = spawn(process.execPath, [rondoProgram, ...args], {
      cwd: options.cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let interrupted = false;
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
      if (options.interruptAfter?.test(stderr) && !interrupted) interrupted = child.kill('SIGINT');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The document of a command that must succeed with `--json`. */
export async function rondoJson<T = Record<string, unknown>>(args: string[], cwd?: string): Promise<T> {
  const { code, stdout, stderr } = await rondo([...args, '--json'], { cwd });
  if (code !== 0) throw new Error(`rondo ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** A folder that goes away with the test file. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-cli-'));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}
