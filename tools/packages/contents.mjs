// What a packed package must hold and must not hold.
import fs from 'node:fs';
import path from 'node:path';
import { builtinModules } from 'node:module';
import { root } from '../lib/setup.mjs';

/** KiB that a package may unpack to; the engine carries its addon. A package that grows past it says why here. */
const MOST_KIB = { 'core-native': 40_000, tokenizer: 1_200 };
const MOST_KIB_OTHERS = 800;

/** Nothing of these is of use to who installs a package. */
const UNWANTED =
  /\.test\.|(^|\/)(testing|fixtures|test-output|node_modules)\/|^native\/(test|bench)\/|\.tsbuildinfo$|\.map$|^src\//;

/** Problems of one packed package, one line each. */
export function contentProblems({ folder, manifest, files, unpackedSize }) {
  const packed = new Set(files.map(({ path: file }) => file));
  return [
    ...missingFiles(manifest, packed),
    ...[...packed].filter((file) => UNWANTED.test(file)).map((file) => `${file} should not be packed`),
    ...sizeProblems(path.basename(folder), unpackedSize),
    ...manifestProblems(manifest),
    ...licenceProblems(folder),
    ...undeclaredImports(folder, manifest, packed),
  ].map((problem) => `${manifest.name}: ${problem}`);
}

function missingFiles({ exports, bin = {} }, packed) {
  const wanted = ['LICENSE', 'README.md', 'package.json', ...targetsOf(exports), ...Object.values(bin)];
  const problems = wanted
    .map((file) => file.replace(/^\.\//, ''))
    .filter((file) => !packed.has(file))
    .map((file) => `${file} is named and not packed`);
  for (const [name, target] of Object.entries(exports))
    if (typeof target === 'object' && !(target.types && target.default && Object.keys(target).at(-1) === 'default'))
      problems.push(`the export ${name} needs types, and default as the last condition`);
  return problems;
}

/** The files that exports lead to. `@rondo/source` is the workspace's own condition, which nobody else sets. */
function targetsOf(exports) {
  return Object.values(exports).flatMap((target) => {
    if (typeof target === 'string') return [target];
    return Object.entries(target).flatMap(([condition, file]) => (condition === '@rondo/source' ? [] : [file]));
  });
}

function sizeProblems(name, bytes) {
  const most = MOST_KIB[name] ?? MOST_KIB_OTHERS;
  return bytes / 1024 <= most ? [] : [`unpacks to ${Math.round(bytes / 1024)} KiB, at most ${most} are meant`];
}

function manifestProblems(manifest) {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const checks = {
    [`its version is ${manifest.version}, the repository's is ${version}`]: manifest.version === version,
    'it has no description': Boolean(manifest.description),
    'its licence is not Apache-2.0': manifest.license === 'Apache-2.0',
    'it names no Node version': Boolean(manifest.engines?.node),
    'it is no ES module': manifest.type === 'module',
    'it would be published as private': manifest.publishConfig?.access === 'public',
    'it runs a script at installation': !['preinstall', 'install', 'postinstall'].some((s) => manifest.scripts?.[s]),
  };
  const siblings = Object.entries(manifest.dependencies ?? {}).filter(([name]) => name.startsWith('@rondo/'));
  for (const [name, wanted] of siblings) checks[`it wants ${name} ${wanted}`] = wanted === version;
  return Object.entries(checks).flatMap(([problem, fine]) => (fine ? [] : [problem]));
}

function licenceProblems(folder) {
  const [own, whole] = [folder, root].map((place) => path.join(place, 'LICENSE'));
  const same = fs.existsSync(own) && fs.readFileSync(own, 'utf8') === fs.readFileSync(whole, 'utf8');
  return same ? [] : ['its LICENSE is not the one of the repository'];
}

/** Packages that its files import and that would not be installed with it. */
function undeclaredImports(folder, { name, dependencies = {} }, packed) {
  const known = new Set([name, ...Object.keys(dependencies), ...builtinModules]);
  const found = new Map();
  for (const file of packed) {
    if (!file.endsWith('.js')) continue;
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    for (const [, one, other] of text.matchAll(
      /(?:^|\n)(?:import|export)[^'"\n;]*?from '([^'.][^']*)'|import\('([^'.][^']*)'\)/g,
    )) {
      const specifier = one ?? other;
      const dependency = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      if (!specifier.startsWith('node:') && !known.has(dependency)) found.set(dependency, file);
    }
  }
  return [...found].map(([dependency, file]) => `${file} imports ${dependency}, which is no dependency`);
}
