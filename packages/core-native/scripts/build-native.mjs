// Builds build/Release/rondo_native.node with cmake-js.
// Environment: RONDO_CUDA=AUTO|ON|OFF, and CMake's own CXX, CXXFLAGS, CUDACXX.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { cudaOption, fail, packageRoot, requireToolchain, run } from './toolchain.mjs';

const build = path.join(packageRoot, 'build');
const addon = path.join(build, 'Release', 'rondo_native.node');

function cmakeJs() {
  try {
    return createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
  } catch {
    return fail('cmake-js is not installed. Install it with: npm install cmake-js@8 node-addon-api@8');
  }
}

/** CMake keeps the compiler of the first configuration for ever: a change of tools starts afresh. */
function forgetOtherTools(tools) {
  const stamp = path.join(build, 'tools.json');
  const before = fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : undefined;
  const now = JSON.stringify(tools);
  if (before === now) return;
  fs.rmSync(build, { recursive: true, force: true });
  fs.mkdirSync(build, { recursive: true });
  fs.writeFileSync(stamp, now);
}

requireToolchain();
const tool = cmakeJs();
const cuda = cudaOption();
const { CXX = '', CXXFLAGS = '', CUDACXX = '' } = process.env;
forgetOtherTools({ node: process.version, folder: packageRoot, cuda, CXX, CXXFLAGS, CUDACXX });
// Two calls: `cmake-js compile` would ignore changed options in a folder that is configured already.
run(process.execPath, [tool, 'configure', '--log-level', 'warn', `--CDRONDO_CUDA=${cuda}`], 'cmake-js configure');
const jobs = String(os.availableParallelism());
run(process.execPath, [tool, 'build', '--log-level', 'warn', '--parallel', jobs], 'cmake-js build');
if (!fs.existsSync(addon)) fail(`the build ended without ${addon}; check the target rondo_native in CMakeLists.txt`);
