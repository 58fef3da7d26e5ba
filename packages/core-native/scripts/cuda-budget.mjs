// Holds what ptxas says of every CUDA kernel to cuda-budget.json: no spills anywhere, and, with the compiler that the
// figures are of, no more registers or shared memory than noted. With --write it notes what the last build gave.
//   node scripts/cuda-budget.mjs [--write] [FOLDER with *.ptxas]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nvccVersion, packageRoot } from './toolchain.mjs';

const budgetFile = path.join(packageRoot, 'cuda-budget.json');

/** Kernels as ptxas describes them in the text of one compilation. */
export function parsePtxas(text) {
  const kernels = [];
  let current;
  for (const line of text.split('\n')) {
    const entry = /Compiling entry function '(\S+)' for '(\w+)'/.exec(line);
    if (entry) kernels.push((current = { symbol: entry[1], target: entry[2], spills: 0, registers: 0, shared: 0 }));
    if (current === undefined) continue;
    const spills = /(\d+) bytes spill stores, (\d+) bytes spill loads/.exec(line);
    if (spills) current.spills += Number(spills[1]) + Number(spills[2]);
    const used = /Used (\d+) registers/.exec(line);
    if (!used) continue;
    current.registers = Number(used[1]);
    current.shared = Number(/(\d+) bytes smem/.exec(line)?.[1] ?? 0);
    current = undefined;
  }
  return kernels;
}

/** Readable names: rondo::cuda::(anonymous namespace)::f<int>(…) → f<int>. */
export function shortName(demangled) {
  const bare = demangled.replace(/^void /, '').replace(/rondo::cuda::|\(anonymous namespace\)::|rondo::/g, '');
  let depth = 0;
  for (let i = 0; i < bare.length; i++) {
    if (bare[i] === '<') depth++;
    else if (bare[i] === '>') depth--;
    else if (bare[i] === '(' && depth === 0) return bare.slice(0, i);
  }
  return bare;
}

function demangle(symbols) {
  const { status, stdout } = spawnSync('c++filt', { input: symbols.join('\n'), encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').map(shortName) : symbols;
}

function ptxasFiles(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ptxas'))
    .map((name) => path.join(folder, name));
}

/** {"sm_90": {"copy/copy_columns_kernel": {registers, shared, spills}}}, of every file in a build folder. */
export function measuredIn(folder) {
  const measured = {};
  for (const file of ptxasFiles(folder)) {
    // The object of a source that is gone may still lie there.
    if (!fs.existsSync(file.replace(/\.ptxas$/, ''))) continue;
    const kernels = parsePtxas(fs.readFileSync(file, 'utf8'));
    const names = demangle(kernels.map(({ symbol }) => symbol));
    kernels.forEach(({ target, registers, shared, spills }, i) => {
      const name = `${path.basename(file).replace(/\.cu\..*$/, '')}/${names[i]}`;
      (measured[target] ??= {})[name] = { registers, shared, spills };
    });
  }
  return measured;
}

/** Everything that is over budget or not in it, one line each. Another compiler is held to "no spills" alone. */
export function overBudget(measured, { nvcc, kernels: budget }, compiler) {
  const complaints = [];
  if (compiler !== nvcc) return spillsOf(measured);
  for (const [target, kernels] of Object.entries(measured)) {
    for (const [name, { registers, shared, spills }] of Object.entries(kernels)) {
      const allowed = budget[target]?.[name];
      if (spills > 0) complaints.push(spill(target, name, spills));
      if (allowed === undefined) complaints.push(`${target} ${name}: is not in cuda-budget.json; note it with --write`);
      else if (registers > allowed.registers)
        complaints.push(`${target} ${name}: ${registers} registers, the budget is ${allowed.registers}`);
      else if (shared > allowed.shared)
        complaints.push(`${target} ${name}: ${shared} bytes of static shared memory, the budget is ${allowed.shared}`);
    }
  }
  for (const [target, kernels] of Object.entries(budget)) {
    for (const name of Object.keys(kernels)) {
      if (!measured[target]?.[name]) complaints.push(`${target} ${name}: is in cuda-budget.json, but not in the build`);
    }
  }
  return complaints;
}

function spillsOf(measured) {
  return Object.entries(measured).flatMap(([target, kernels]) =>
    Object.entries(kernels).flatMap(([name, { spills }]) => (spills > 0 ? [spill(target, name, spills)] : [])),
  );
}

const spill = (target, name, bytes) => `${target} ${name}: spills ${bytes} bytes; a kernel must not spill`;

/** A line per kernel, so that a change shows as one. */
function format(measured) {
  const sorted = (object) => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
  const targets = sorted(measured).map(([target, kernels]) => {
    const lines = sorted(kernels).map(
      ([name, { registers, shared }]) =>
        `      ${JSON.stringify(name)}: { "registers": ${registers}, "shared": ${shared} }`,
    );
    return `    ${JSON.stringify(target)}: {\n${lines.join(',\n')}\n    }`;
  });
  return `{\n  "nvcc": ${JSON.stringify(nvccVersion())},\n  "kernels": {\n${targets.join(',\n')}\n  }\n}\n`;
}

/** Undefined where the build has no CUDA kernels, else what is wrong with them. */
export function checkBudget(folder) {
  const measured = fs.existsSync(folder) ? measuredIn(folder) : {};
  if (Object.keys(measured).length === 0) return undefined;
  const budget = JSON.parse(fs.readFileSync(budgetFile, 'utf8'));
  return { complaints: overBudget(measured, budget, nvccVersion()), measured };
}

function main([...args]) {
  const write = args[0] === '--write' ? args.shift() !== undefined : false;
  const folder = path.resolve(args[0] ?? path.join(packageRoot, 'build'));
  if (write) return fs.writeFileSync(budgetFile, format(measuredIn(folder)));
  const result = checkBudget(folder);
  if (result === undefined) return console.log(`no CUDA kernels in ${folder}: nothing to hold to the budget`);
  for (const complaint of result.complaints) console.error(complaint);
  const count = Object.values(result.measured).reduce((sum, kernels) => sum + Object.keys(kernels).length, 0);
  console.log(`${count} kernels, ${result.complaints.length} over budget`);
  process.exitCode = result.complaints.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
