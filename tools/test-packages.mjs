// Packs every package, looks at what is in it, installs the tarballs in an empty folder and runs the scripts of
// examples/ there: what a user gets from the registry, not what the workspace links.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './lib/setup.mjs';
import { contentProblems } from './packages/contents.mjs';
import { exampleFiles, makeConsumer, packAll, runScript } from './packages/pack.mjs';
import { checkTypes } from './packages/types.mjs';

const result = { numPassedTests: 0, numFailedTests: 0 };

function check(name, act) {
  try {
    act();
    result.numPassedTests += 1;
    process.stdout.write(`  ok      ${name}\n`);
  } catch (error) {
    result.numFailedTests += 1;
    process.stdout.write(`  FAILED  ${name}\n${error.message}\n`);
  }
}

function checkContents(packed) {
  const problems = contentProblems(packed);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-packages-'));
try {
  const tarballs = path.join(folder, 'tarballs');
  const consumer = path.join(folder, 'consumer');
  fs.mkdirSync(tarballs);
  const packages = packAll(tarballs);
  for (const packed of packages) check(`what ${packed.manifest.name} packs`, () => checkContents(packed));
  makeConsumer(consumer, packages);
  check('types of every export', () => checkTypes(consumer, packages));
  for (const file of exampleFiles()) check(path.basename(file), () => runScript(file, consumer));
  const output = path.join(root, 'tools', 'test-output');
  fs.mkdirSync(output, { recursive: true });
  fs.writeFileSync(path.join(output, 'packages.json'), `${JSON.stringify(result)}\n`);
  process.exitCode = result.numFailedTests === 0 ? 0 : 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
