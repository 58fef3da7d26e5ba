import { addonInfo, listDevices, type DeviceInfo } from '@rondo/core-native';
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
  /** `driver` is null for a CPU. */
  devices: (DeviceInfo & { driver: string | null })[];
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
  return {
    ok: addon !== undefined && devices.length > 0,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    addon,
    devices: devices.map((device) => ({ driver: null, ...device })),
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
