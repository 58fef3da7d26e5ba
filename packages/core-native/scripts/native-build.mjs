// The one build folder, build/, which the addon, the tests and the benches share: the engine is compiled once.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fail, nvccVersion, packageRoot, requireToolchain, run } from './toolchain.mjs';

const build = path.join(packageRoot, 'build');

function cmakeJs() {
  try {
    return createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
  } catch {
    return fail('cmake-js is not installed. Install it with: npm install cmake-js@8 node-addon-api@8');
  }
}

/** Whether CUDA code is compiled: RONDO_CUDA=AUTO (default), ON or OFF. */
function cudaOption() {
  const wanted = (process.env.RONDO_CUDA || 'AUTO').toUpperCase();
  if (['AUTO', 'ON', 'OFF'].includes(wanted)) return wanted;
  return fail(`RONDO_CUDA: expected AUTO, ON or OFF, received ${process.env.RONDO_CUDA}`);
}

/** CMake keeps the compiler of the first configuration for ever: a change of tools starts afresh. */
function forgetOtherTools(tools) {
  const stamp = path.join(build, 'tools.json');
  const before = fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : undefined;
  const now = JSON.stringify(tools);
  if (before === now) return;
  // Only CMake's own state: a finished addon may have come from the task cache, without any of it.
  for (const name of ['CMakeCache.txt', 'CMakeFiles'])
    fs.rmSync(path.join(build, name), { recursive: true, force: true });
  fs.mkdirSync(build, { recursive: true });
  fs.writeFileSync(stamp, now);
}

/** On Windows Visual Studio's Clang, unless CXX names a compiler: then Ninja, which takes it. */
function generator() {
  if (process.platform !== 'win32') return [];
  return process.env.CXX ? ['--generator', 'Ninja'] : ['--toolset', 'ClangCL'];
}

/** Builds one target of CMakeLists.txt; gives the path of `product` in the build folder. */
export function buildTarget(target, product, options = []) {
  requireToolchain();
  const tool = cmakeJs();
  const cuda = cudaOption();
  const { CXX = '', CXXFLAGS = '', CUDACXX = '' } = process.env;
  // CMake also keeps that it found no nvcc: one that has come since then must be seen.
  const nvcc = cuda === 'OFF' ? '' : nvccVersion();
  forgetOtherTools({ node: process.version, folder: packageRoot, cuda, CXX, CXXFLAGS, CUDACXX, nvcc });
  // Two calls: `cmake-js compile` would ignore changed options in a folder that is configured already.
  const settings = [`RONDO_CUDA=${cuda}`, ...options].map((setting) => `--CD${setting}`);
  run(process.execPath, [tool, 'configure', '--log-level', 'warn', ...generator(), ...settings], 'cmake-js configure');
  const jobs = ['--parallel', String(os.availableParallelism())];
  run(process.execPath, [tool, 'build', '--log-level', 'warn', '--target', target, ...jobs], 'cmake-js build');
  const file = path.join(build, product);
  if (!fs.existsSync(file)) fail(`the build ended without ${file}; check the target ${target} in CMakeLists.txt`);
  return file;
}

/** Builds a program beside the addon; gives its path. */
export function buildProgram(target) {
  const product = process.platform === 'win32' ? path.join('Release', `${target}.exe`) : target;
  return buildTarget(target, product, ['RONDO_BUILD_TESTS=ON']);
}
