import { spawnSync } from 'node:child_process';

/** A program of the native tool chain, with the first line of its version, or nothing when it does not answer. */
export interface Tool {
  name: string;
  version?: string;
}

/** What a build from source would use. */
export function findTools(): Tool[] {
  return [
    { name: 'cmake', version: versionOf('cmake', /version (\S+)/) },
    { name: process.env.CXX ?? 'c++', version: versionOf(process.env.CXX ?? 'c++', /(.*)/) },
    { name: 'nvcc', version: versionOf(process.env.CUDACXX ?? 'nvcc', /release (\S+),/) },
  ];
}

function versionOf(command: string, pattern: RegExp): string | undefined {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return status === 0 ? pattern.exec(stdout)?.[1] : undefined;
}
