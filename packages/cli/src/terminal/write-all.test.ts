import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { writeAll } from './write-all.js';

const BYTES = 1_000_000; // far more than a pipe holds

function child(script: string) {
  return spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
}

it('gives a slow reader all of it', async () => {
  const slow = child(`
    let bytes = 0;
    setTimeout(() => process.stdin.on('data', (part) => (bytes += part.length)).on('end', () => process.stdout.write(String(bytes))), 200);`);
  let heard = '';
  slow.stdout.on('data', (part: Buffer) => (heard += part.toString()));
  await writeAll(slow.stdin, new Uint8Array(BYTES));
  slow.stdin.end();
  await new Promise((resolve) => slow.on('close', resolve));
  expect(Number(heard)).toBe(BYTES);
});

it('lets a reader go', async () => {
  const gone = child(`process.stdin.once('data', () => process.exit())`);
  gone.stdin.on('error', () => undefined);
  await writeAll(gone.stdin, new Uint8Array(BYTES));
});
