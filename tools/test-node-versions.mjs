// Runs the scripts of examples/ on the installed packages with Node 20, 22 and 24. Other versions than the running one
// are looked for under RONDO_NODE_20, RONDO_NODE_22 and RONDO_NODE_24 (paths of the programs) and in tools/.nodes, which
// `--fetch` fills from the npm registry; a version that is not there is skipped, and that is said.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './lib/setup.mjs';
import { execute, exampleFiles, makeConsumer, packAll, runScript } from './packages/pack.mjs';

const VERSIONS = [20, 22, 24];
const store = path.join(root, 'tools', '.nodes');

/** The registry carries Node's programs as packages: one for each platform. */
function fetchNodes() {
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  fs.mkdirSync(store, { recursive: true });
  fs.writeFileSync(path.join(store, 'package.json'), '{"private":true}');
  const wanted = VERSIONS.map((version) => `node${version}@npm:${platform}@${version}`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execute(npm, ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted], store);
}

function nodeOf(version) {
  const stored = path.join(store, 'node_modules', `node${version}`, 'bin', 'node');
  const places = [process.env[`RONDO_NODE_${version}`], stored, `${stored}.exe`];
  const found = places.find((place) => place !== undefined && fs.existsSync(place));
  if (found !== undefined) return found;
  return process.versions.node.startsWith(`${version}.`) ? process.execPath : undefined;
}

/** @returns whether every script ran */
function runAll(version, node, consumer) {
  const exact = execute(node, ['--version'], consumer).trim();
  let fine = true;
  for (const file of exampleFiles()) {
    try {
      runScript(file, consumer, node);
      process.stdout.write(`  ok      ${exact}  ${path.basename(file)}\n`);
    } catch (error) {
      fine = false;
      process.stdout.write(`  FAILED  ${exact}  ${path.basename(file)}\n${error.message}\n`);
    }
  }
  return fine;
}

if (process.argv.includes('--fetch')) fetchNodes();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-nodes-'));
try {
  const packages = packAll(folder);
  const consumer = path.join(folder, 'consumer');
  makeConsumer(consumer, packages);
  for (const version of VERSIONS) {
    const node = nodeOf(version);
    if (node === undefined)
      process.stdout.write(
        `  skipped Node ${version} is not here: set RONDO_NODE_${version}, or fetch it with: node tools/test-node-versions.mjs --fetch\n`,
      );
    else if (!runAll(version, node, consumer)) process.exitCode = 1;
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
