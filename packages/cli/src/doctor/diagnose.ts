import { existsSync } from 'node:fs';
import { addonInfo, listDevices, type AddonInfo, type DeviceInfo } from '@rondo/core-native';
import { errorLine } from '../terminal/report-error.js';
import { findTools, type Tool } from './toolchain.js';

export interface Problem {
  what: string;
  remedy: string;
}

/** The document of `rondo doctor --json`. */
export interface Diagnosis {
  ok: boolean;
  node: string;
  platform: string;
  addon?: ReturnType<typeof addonInfo>;
  devices: DeviceInfo[];
  tools: Tool[];
  problems: Problem[];
}

/** Looks at everything Rondo needs on this machine; a problem comes with the step that mends it. */
export function diagnose(): Diagnosis {
  const problems = [...nodeProblems()];
  const addon = attempt(addonInfo, problems, 'npx nx run-many -t build (needs CMake and a C++20 compiler)');
  const devices = addon ? (attempt(listDevices, problems, 'reinstall the driver of the device') ?? []) : [];
  const tools = findTools();
  problems.push(...toolProblems(tools));
  if (addon) problems.push(...cudaProblems(addon, tools, hasNvidiaDriver()));
  return {
    ok: addon !== undefined && devices.length > 0,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    addon,
    devices,
    tools,
    problems,
  };
}

function attempt<T>(look: () => T, problems: Problem[], remedy: string): T | undefined {
  try {
    return look();
  } catch (error) {
    problems.push({ what: errorLine(error), remedy });
    return undefined;
  }
}

function nodeProblems(): Problem[] {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return [];
  return [{ what: `Node ${process.versions.node} is older than 20.19`, remedy: 'install Node 22: nvm install 22' }];
}

/**
 * Where there is no NVIDIA driver, nothing is wrong: the CPU does the work. Where there is one, CUDA should answer.
 */
export function cudaProblems(
  { cudaBuilt, cudaNote }: Pick<AddonInfo, 'cudaBuilt' | 'cudaNote'>,
  tools: Tool[],
  driver: boolean,
): Problem[] {
  if (!driver || (cudaBuilt && cudaNote === '')) return [];
  if (cudaBuilt) {
    const [what, remedy = 'install the current NVIDIA driver, and see whether nvidia-smi lists the device'] =
      cudaNote.split('; ');
    return [{ what: `CUDA: ${what}`, remedy }];
  }
  const compiler = tools.some(({ name, version }) => name === 'nvcc' && version !== undefined);
  return [
    {
      what: 'an NVIDIA driver is here, but this addon was built without CUDA',
      remedy: `${compiler ? '' : 'install the CUDA toolkit (nvcc) 13, then '}RONDO_CUDA=ON npx nx build-native core-native`,
    },
  ];
}

function hasNvidiaDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
}

/** Tools are needed to build only, so a missing one does not make the installation unusable. */
function toolProblems(tools: Tool[]): Problem[] {
  const remedies: Record<string, string> = {
    cmake: 'sudo apt-get install cmake, or brew install cmake',
    'c++': 'sudo apt-get install g++, or xcode-select --install',
  };
  return tools
    .filter((tool) => tool.version === undefined && remedies[tool.name] !== undefined)
    .map((tool) => ({
      what: `${tool.name} does not answer: the engine cannot be rebuilt`,
      remedy: remedies[tool.name],
    }));
}
