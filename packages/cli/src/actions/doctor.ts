import type { AddonInfo, DeviceInfo } from '@rondo/core-native';
import type { CommandContext } from '../command.js';
import { diagnose, type Diagnosis } from '../doctor/diagnose.js';
import { exitCode } from '../terminal/exit-codes.js';
import { formatBytes } from '../terminal/format.js';

/** `rondo doctor`: what this machine offers, and the remedy for what is missing. */
export async function run(_options: unknown, { output }: CommandContext): Promise<void> {
  const diagnosis = diagnose();
  output.result(diagnosis, () => describe(diagnosis));
  if (!diagnosis.ok) process.exitCode = exitCode.failed;
}

function describeCuda({ cudaBuilt, cudaArchitectures, cudaNote }: AddonInfo): string {
  if (!cudaBuilt) return 'not built in';
  return `built in for ${cudaArchitectures.join(', ')}${cudaNote === '' ? '' : `; no device: ${cudaNote}`}`;
}

function describeDevice({ name, kind, simd, threads, memoryBytes, driver }: DeviceInfo): string {
  const facts = [kind, simd, `${threads} ${kind === 'cpu' ? 'threads' : 'multiprocessors'}`, formatBytes(memoryBytes)];
  if (driver !== null) facts.push(`driver for CUDA ${driver}`);
  return `device   ${name} (${facts.join(', ')})`;
}

function describe({ node, platform, addon, devices, tools, problems, ok }: Diagnosis): string {
  return [
    `node     ${node} on ${platform}`,
    addon && `engine   ${addon.version}, SIMD ${addon.simd} (${addon.path})`,
    addon && `cuda     ${describeCuda(addon)}`,
    ...devices.map(describeDevice),
    ...tools.map((tool) => `tool     ${tool.name} ${tool.version ?? 'not found'}`),
    ...problems.map(({ what, remedy }) => `problem  ${what}\n         remedy: ${remedy}`),
    ok ? 'Ready.' : 'Not ready: see the problems above.',
  ]
    .filter(Boolean)
    .join('\n');
}
