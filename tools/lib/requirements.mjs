import { spawnSync } from 'node:child_process';

const oldestNode = [20, 19];

/** Commands that install a native tool chain, by platform. */
const remedies = {
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

function answers(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function nodeProblem() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = oldestNode;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return `Node ${oldestNode.join('.')} or newer is needed, this is ${process.versions.node}. Install it from https://nodejs.org or with: nvm install 22`;
}

function compilerCandidates() {
  if (process.env.CXX) return [process.env.CXX];
  return process.platform === 'win32' ? ['cl', 'clang-cl'] : ['c++', 'g++', 'clang++'];
}

/** Every missing tool as one line that ends with the command that installs it; empty when all is there. */
export function missingRequirements() {
  const remedy = remedies[process.platform] ?? remedies.linux;
  const problems = [nodeProblem()];
  if (!answers('cmake', '--version')) problems.push(`CMake is not installed. Install it with: ${remedy.cmake}`);
  // MSVC's cl is on the path only inside a developer prompt, so on Windows CMake does the looking.
  if (process.platform !== 'win32' && !compilerCandidates().some((name) => answers(name, '--version')))
    problems.push(`No C++20 compiler was found. Install one with: ${remedy.compiler}`);
  return problems.filter(Boolean);
}
