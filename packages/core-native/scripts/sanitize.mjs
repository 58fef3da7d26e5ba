// Builds the engine's tests and its fuzz program under sanitizers and runs them: nx sanitize @rondo/core-native.
// RONDO_SANITIZERS names others than both, RONDO_FUZZ_CASES another number of cases.
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fail, packageRoot, requireToolchain, run } from './toolchain.mjs';

const sanitizers = (process.env.RONDO_SANITIZERS ?? 'address+undefined thread').split(' ');
const cases = process.env.RONDO_FUZZ_CASES ?? '20000';

/** Allocations that no machine can give must fail as they do elsewhere, not end the process. */
const options = {
  ASAN_OPTIONS: 'allocator_may_return_null=1:detect_leaks=1:halt_on_error=1',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  TSAN_OPTIONS: 'allocator_may_return_null=1:halt_on_error=1:second_deadlock_stack=1',
};

function runProgram(program, args) {
  process.stdout.write(`> ${path.basename(program)} ${args.join(' ')}\n`);
  const began = Date.now();
  const { status, signal } = spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, ...options } });
  if (status !== 0) fail(`${program} ended with ${signal ?? status}; the reason stands above`);
  process.stdout.write(`  in ${Math.round((Date.now() - began) / 1000)} s\n`);
}

requireToolchain();
for (const sanitizer of sanitizers) {
  const build = path.join(packageRoot, 'test-output', `sanitize-${sanitizer.split('+')[0]}`);
  const settings = [`RONDO_SANITIZE=${sanitizer.replace('+', ',')}`, 'RONDO_CUDA=OFF', 'RONDO_BUILD_TESTS=ON'];
  // -O1 keeps the stacks readable and the build short.
  const flags = ['-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_CXX_FLAGS_DEBUG=-O1'];
  run('cmake', ['-S', packageRoot, '-B', build, ...settings.map((s) => `-D${s}`), ...flags], 'cmake');
  const jobs = ['--parallel', String(Math.min(2, os.availableParallelism()))];
  run('cmake', ['--build', build, ...jobs, '--target', 'rondo_tests', 'rondo_fuzz'], 'the build');
  process.stdout.write(`== ${sanitizer}\n`);
  runProgram(path.join(build, 'rondo_tests'), []);
  runProgram(path.join(build, 'rondo_fuzz'), [cases, String(Math.ceil(Number(cases) / 20))]);
}
