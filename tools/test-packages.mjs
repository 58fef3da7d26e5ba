// Packs every package, installs the tarballs in an empty folder and runs the scripts of examples/ there:
// what a user gets from the registry, not what the workspace links.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './lib/setup.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const packages = fs.readdirSync(path.join(root, 'packages')).map((name) => path.join(root, 'packages', name));

function execute(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status}\n${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

function packAll(destination) {
  return packages.map((folder) => {
    const [packed] = JSON.parse(execute(npm, ['pack', '--json', '--pack-destination', destination], folder));
    return path.join(destination, packed.filename);
  });
}

function installInto(folder, tarballs) {
  fs.writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  );
  execute(npm, ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs], folder);
}

function runExample(file, folder) {
  const copy = path.join(folder, path.basename(file));
  fs.copyFileSync(file, copy);
  try {
    execute(process.execPath, [copy], folder);
    process.stdout.write(`  ok      ${path.basename(file)}\n`);
    return true;
  } catch (error) {
    process.stdout.write(`  FAILED  ${path.basename(file)}\n${error.message}\n`);
    return false;
  }
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-packages-'));
try {
  const tarballs = path.join(folder, 'tarballs');
  const consumer = path.join(folder, 'consumer');
  fs.mkdirSync(tarballs);
  fs.mkdirSync(consumer);
  installInto(consumer, packAll(tarballs));
  const examples = path.join(root, 'examples');
  const scripts = fs.readdirSync(examples).filter((name) => name.endsWith('.mjs'));
  const passed = scripts.filter((name) => runExample(path.join(examples, name), consumer)).length;
  const output = path.join(root, 'tools', 'test-output');
  fs.mkdirSync(output, { recursive: true });
  const result = { numPassedTests: passed, numFailedTests: scripts.length - passed };
  fs.writeFileSync(path.join(output, 'packages.json'), `${JSON.stringify(result)}\n`);
  process.exitCode = result.numFailedTests === 0 ? 0 : 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
