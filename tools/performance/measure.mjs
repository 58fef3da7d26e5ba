// Measures the CPU engine on this machine and leaves the figures in one JSON file:
//   node tools/performance/measure.mjs docs/measurements/cpu-NAME.json [PART…]
// Parts that are named are measured again, the others stay as the file has them; without names all are measured.
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

/** The parts of the whole by name, in their order. */
function partsOfAll(cores) {
  const parts = new Map();
  for (const threads of new Set([1, cores])) {
    for (const only of ['train-step', 'one-token', 'growth']) parts.set(`${only}@${threads}`, { threads, only });
  }
  for (const only of ['gemm', 'lstm']) parts.set(`${only}@1`, { threads: 1, only });
  return parts.set('batch-sizes', { threads: cores, batchSizes: BATCH_SIZES });
}

/** Puts a run where it belongs among those of the file, in place of its older self. */
function keep(target, parts, run) {
  const before = fs.existsSync(target) ? JSON.parse(fs.readFileSync(target, 'utf8')).runs : [];
  const order = [...parts.values()].map((options) => JSON.stringify(options));
  const place = ({ options }) => order.indexOf(JSON.stringify(options));
  const runs = [...before.filter((other) => place(other) !== place(run)), run].sort((a, b) => place(a) - place(b));
  const document = {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    machine: {
      device: listDevices()[0].name,
      simd: addonInfo().simd,
      cores: os.availableParallelism(),
      memoryBytes: os.totalmem(),
    },
    runs,
  };
  fs.writeFileSync(target, `${JSON.stringify(document, null, 2)}\n`);
}

const parts = partsOfAll(os.availableParallelism());
const [target, ...wanted] = process.argv.slice(2);
const unknown = wanted.find((name) => !parts.has(name));
if (target === undefined || unknown !== undefined) {
  const expected = target === undefined ? 'a file for the figures, for example docs/measurements/cpu-here.json' : '';
  const names = `parts among ${[...parts.keys()].join(', ')}, got ${unknown}`;
  process.stderr.write(`expected ${expected || names}\n`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : parts.keys()) {
  keep(target, parts, await measure(parts.get(name)));
}
