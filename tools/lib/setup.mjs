import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { missingRequirements } from './requirements.mjs';

export const root = path.resolve(import.meta.dirname, '..', '..');

/** Runs a command with the terminal attached; ends this process with its exit code when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
    env: { ...process.env, NX_DAEMON: 'false', ...options.env },
  });
  if (result.error) fail(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

export function fail(message) {
  process.stderr.write(`rondo: ${message}\n`);
  process.exit(1);
}

/** npm writes this copy of the lockfile last, so a newer lockfile means an unfinished or outdated installation. */
function isInstalled() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  const wanted = path.join(root, 'package-lock.json');
  return fs.existsSync(installed) && fs.statSync(installed).mtimeMs >= fs.statSync(wanted).mtimeMs;
}

/** Brings a fresh clone to the point where Nx can run: tools checked, packages installed. */
export function setUp() {
  const missing = missingRequirements();
  if (missing.length > 0) fail(`the set-up cannot start.\n${missing.map((line) => `  - ${line}`).join('\n')}`);
  if (isInstalled()) return;
  process.stdout.write('Installing packages (once) …\n');
  run('npm', ['ci', '--no-audit', '--no-fund']);
}

export function nx(...args) {
  run(process.execPath, [path.join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'), ...args]);
}
