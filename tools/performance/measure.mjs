// Measures the CPU engine on this machine and leaves the figures in one JSON file:
//   node tools/performance/measure.mjs docs/measurements/cpu-NAME.json
// Wants built packages (npx nx run-many -t build) and a machine with nothing else to do; how much else was done
// meanwhile is measured too and stands in the file.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { addonInfo, bench, listDevices } from '@rondo/core-native';
import { root } from '../lib/setup.mjs';

const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Seconds that all cores were busy since the machine started. */
function busySeconds() {
  const sum = ({ times }) => times.user + times.nice + times.sys + times.irq;
  return os.cpus().reduce((total, cpu) => total + sum(cpu), 0) / 1000;
}

/** One call of the benchmark, with the share of the cores that other processes took meanwhile. */
async function measure(options) {
  const before = { busy: busySeconds(), own: process.cpuUsage(), at: performance.now() };
  const report = await bench({ seconds: 0.5, ...options, onCase: ({ name }) => process.stderr.write(`${name}\n`) });
  const { user, system } = process.cpuUsage(before.own);
  const seconds = (performance.now() - before.at) / 1000;
  const others = busySeconds() - before.busy - (user + system) / 1e6;
  const otherLoad = Math.max(0, others / (seconds * os.availableParallelism()));
  return { options, seconds: round(seconds), otherLoad: round(otherLoad), ...report };
}

function round(value) {
  return Number(value.toFixed(3));
}

const [target] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write('expected a file for the figures, for example docs/measurements/cpu-here.json\n');
  process.exit(2);
}
const cores = os.availableParallelism();
const counts = [...new Set([1, cores])];
const runs = [];
for (const threads of counts) {
  for (const only of ['train-step', 'one-token', 'growth']) runs.push(await measure({ threads, only }));
}
for (const only of ['gemm', 'lstm']) runs.push(await measure({ threads: 1, only }));
runs.push(await measure({ threads: cores, batchSizes: BATCH_SIZES }));
const document = {
  date: new Date().toISOString().slice(0, 10),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
  machine: { device: listDevices()[0].name, simd: addonInfo().simd, cores, memoryBytes: os.totalmem() },
  runs,
};
fs.writeFileSync(target, `${JSON.stringify(document, null, 2)}\n`);
