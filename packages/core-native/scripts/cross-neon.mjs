// Compiles the engine and its tests for 64-bit ARM (NEON) with a cross compiler and runs the tests under qemu:
// nx cross-neon @rondo/core-native. Skips with a line that says so what this machine has no program for.
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { packageRoot, requireToolchain, run } from './toolchain.mjs';

const libraries = '/usr/aarch64-linux-gnu';
const answers = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

function skip(what, command) {
  process.stdout.write(`cross-neon: skipped ${what}. Install with: ${command} (Debian, Ubuntu)\n`);
  process.exit(0);
}

requireToolchain();
if (!answers('aarch64-linux-gnu-g++')) {
  skip('everything: there is no compiler for 64-bit ARM', 'sudo apt-get install g++-aarch64-linux-gnu');
}
const build = path.join(packageRoot, 'test-output', 'cross-neon');
const toolchain = path.join(packageRoot, 'cmake', 'aarch64_linux.cmake');
const settings = [`CMAKE_TOOLCHAIN_FILE=${toolchain}`, 'RONDO_CUDA=OFF', 'RONDO_BUILD_TESTS=ON'];
run('cmake', ['-S', packageRoot, '-B', build, ...settings.map((setting) => `-D${setting}`)], 'cmake');
const jobs = ['--parallel', String(Math.min(2, os.availableParallelism()))];
run('cmake', ['--build', build, ...jobs, '--target', 'rondo_tests'], 'the build');
if (!answers('qemu-aarch64')) skip('the tests: compiled, but there is no emulator', 'sudo apt-get install qemu-user');
run('qemu-aarch64', ['-L', libraries, path.join(build, 'rondo_tests'), ...process.argv.slice(2)], 'the tests');
