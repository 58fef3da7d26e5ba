// What the builds for other machines share: compile the engine and its tests with a cross compiler, run them in an
// emulator. What this machine has no program for is skipped, with a line that says so.
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { packageRoot, requireToolchain, run } from './toolchain.mjs';

const answers = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/**
 * @param {object} target
 * @param {string} target.name of the Nx target and of the build folder
 * @param {string} target.system in words
 * @param {string} target.toolchain file in cmake/
 * @param {string[]} target.compilers programs without which nothing is compiled
 * @param {string} target.install Debian packages with these
 * @param {{ program: string; args: string[]; install: string }} target.emulator
 * @param {string} target.suffix of programs
 */
export function crossTest({ name, system, toolchain, compilers, install, emulator, suffix }) {
  const skip = (what, packages) => {
    process.stdout.write(`${name}: skipped ${what}. Install with: sudo apt-get install ${packages} (Debian, Ubuntu)\n`);
    process.exit(0);
  };
  requireToolchain();
  if (!compilers.every(answers)) skip(`everything: there is no compiler for ${system}`, install);
  const build = path.join(packageRoot, 'test-output', name);
  const file = path.join(packageRoot, 'cmake', toolchain);
  const settings = [`CMAKE_TOOLCHAIN_FILE=${file}`, 'RONDO_CUDA=OFF', 'RONDO_BUILD_TESTS=ON'];
  run('cmake', ['-S', packageRoot, '-B', build, ...settings.map((setting) => `-D${setting}`)], 'cmake');
  const jobs = ['--parallel', String(Math.min(2, os.availableParallelism()))];
  run('cmake', ['--build', build, ...jobs, '--target', 'rondo_tests'], 'the build');
  if (!answers(emulator.program)) skip('the tests: compiled and linked, but there is no emulator', emulator.install);
  const tests = path.join(build, `rondo_tests${suffix}`);
  run(emulator.program, [...emulator.args, tests, ...process.argv.slice(2)], 'the tests');
}
