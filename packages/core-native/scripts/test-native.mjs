// Builds and runs the engine's tests; leaves their count in test-output/native.json.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { checkBudget } from './cuda-budget.mjs';
import { buildProgram } from './native-build.mjs';
import { fail, packageRoot } from './toolchain.mjs';

// The second program runs the CUDA kernels' sources with simulated threads; it needs no CUDA, but POSIX.
const targets = ['rondo_tests', ...(process.platform === 'win32' ? [] : ['rondo_cuda_shim_tests'])];
const counts = { numPassedTests: 0, numFailedTests: 0 };
for (const target of targets) {
  const program = buildProgram(target);
  const { stdout, status, signal } = spawnSync(program, process.argv.slice(2), {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(stdout);
  const sum = /^(\d+) passed, (\d+) failed$/m.exec(stdout);
  if (!sum) fail(`${program} ended with ${signal ?? status} before it had counted its tests`);
  const [passed, failed] = sum.slice(1).map(Number);
  counts.numPassedTests += passed;
  counts.numFailedTests += failed;
}
// Where CUDA was built, its kernels are held to what they may take of a multiprocessor.
const budget = checkBudget(path.join(packageRoot, 'build'));
if (budget !== undefined) {
  const held = budget.complaints.length === 0;
  for (const complaint of budget.complaints) process.stdout.write(`    ${complaint}\n`);
  process.stdout.write(
    `${held ? 'ok  ' : 'FAIL'} CUDA kernels: registers, shared memory and spills are within cuda-budget.json\n`,
  );
  counts[held ? 'numPassedTests' : 'numFailedTests'] += 1;
}
const output = path.join(packageRoot, 'test-output');
fs.mkdirSync(output, { recursive: true });
fs.writeFileSync(path.join(output, 'native.json'), `${JSON.stringify(counts)}\n`);
process.exitCode = counts.numFailedTests === 0 && counts.numPassedTests > 0 ? 0 : 1;
