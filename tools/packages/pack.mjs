// Packing and installing as the registry and a user would do it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../lib/setup.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

export function execute(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status}\n${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

/** Packs every package: `{ folder, manifest, tarball, files: [{ path, size }], unpackedSize }` each. */
export function packAll(destination) {
  return fs.readdirSync(path.join(root, 'packages')).map((name) => {
    const folder = path.join(root, 'packages', name);
    const [packed] = JSON.parse(execute(npm, ['pack', '--json', '--pack-destination', destination], folder));
    const { files, unpackedSize, filename } = packed;
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return { folder, manifest, tarball: path.join(destination, filename), files, unpackedSize };
  });
}

/** An empty project with the tarballs installed, and nothing of the workspace. */
export function makeConsumer(folder, packages) {
  fs.mkdirSync(folder);
  const manifest = { name: 'consumer', private: true, type: 'module' };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  const tarballs = packages.map(({ tarball }) => tarball);
  execute(npm, ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs], folder);
}

/** The scripts of examples/, to be run in a consumer. */
export function exampleFiles() {
  const folder = path.join(root, 'examples');
  return fs
    .readdirSync(folder)
    .filter((name) => /\.[cm]js$/.test(name))
    .map((name) => path.join(folder, name));
}

/** Runs a copy of a script in a consumer with a Node of choice. @throws Error with its output */
export function runScript(file, folder, node = process.execPath) {
  const copy = path.join(folder, path.basename(file));
  fs.copyFileSync(file, copy);
  return execute(node, [copy], folder);
}
