// What the build scripts share: the check of the native tool chain, and running a command.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

export const packageRoot = path.resolve(import.meta.dirname, '..');

const install = {
  linux: {
    cmake: 'sudo apt-get install cmake (Debian, Ubuntu) or sudo dnf install cmake (Fedora)',
    compiler: 'sudo apt-get install g++ make (Debian, Ubuntu) or sudo dnf install gcc-c++ make (Fedora)',
  },
  darwin: { cmake: 'brew install cmake', compiler: 'xcode-select --install' },
  win32: {
    cmake: 'winget install Kitware.CMake',
    compiler:
      'winget install Microsoft.VisualStudio.2022.BuildTools (with the workload "Desktop development with C++")',
  },
};

export function fail(message) {
  process.stderr.write(`core-native: ${message}\n`);
  process.exit(1);
}

/** What a native build needs and does not find: one line each, with the command that installs it. */
export function missingTools() {
  const commands = install[process.platform] ?? install.linux;
  const missing = [];
  if (!answers('cmake')) missing.push(`CMake is not installed. Install it with: ${commands.cmake}`);
  // On Windows the compiler is on the path only inside a developer prompt: there CMake does the looking.
  if (process.platform !== 'win32' && !compilers().some(answers)) {
    const wanted = process.env.CXX ? ` (CXX is ${process.env.CXX})` : '';
    missing.push(`No C++20 compiler was found${wanted}. Install one with: ${commands.compiler}`);
  }
  return missing;
}

/** Ends with the missing tools, if there are any. */
export function requireToolchain() {
  const missing = missingTools();
  if (missing.length > 0) fail(`the native engine cannot be built: ${missing.join('; ')}`);
}

function compilers() {
  return process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'];
}

function answers(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Release of the CUDA compiler that a build would use, such as 13.0; empty where there is none. */
export function nvccVersion() {
  const { status, stdout } = spawnSync(process.env.CUDACXX || 'nvcc', ['--version'], { encoding: 'utf8' });
  return (status === 0 && /release (\S+),/.exec(stdout)?.[1]) || '';
}

/** Runs a command in the package's folder; ends this process when it fails. */
export function run(command, args, what) {
  const { status, error } = spawnSync(command, args, { cwd: packageRoot, stdio: 'inherit' });
  if (error) fail(`${what} could not be started: ${error.message}`);
  if (status !== 0) fail(`${what} failed; the reason stands above`);
}
