// Builds and runs the engine's tests; leaves their count in test-output/native.json.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildProgram } from './native-build.mjs';
import { fail, packageRoot } from './toolchain.mjs';

const program = buildProgram('rondo_tests');
const { stdout, status, signal } = spawnSync(program, process.argv.slice(2), {
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
  stdio: ['ignore', 'pipe', 'inherit'],
});
process.stdout.write(stdout);
const sum = /^(\d+) passed, (\d+) failed$/m.exec(stdout);
if (!sum) fail(`${program} ended with ${signal ?? status} before it had counted its tests`);
const output = path.join(packageRoot, 'test-output');
fs.mkdirSync(output, { recursive: true });
const [numPassedTests, numFailedTests] = sum.slice(1).map(Number);
fs.writeFileSync(path.join(output, 'native.json'), `${JSON.stringify({ numPassedTests, numFailedTests })}\n`);
process.exitCode = status === 0 && numFailedTests === 0 ? 0 : 1;
