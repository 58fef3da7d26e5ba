// Writes docs/api/ from the doc comments of every package's exports; with --check it only says whether the pages are up
// to date. A link in a comment that leads nowhere is an error.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import prettier from 'prettier';
import { Application } from 'typedoc';
import { fail, root } from './lib/setup.mjs';

const pages = path.join(root, 'docs', 'api');

/** Sources of all exports: `packages/checkpoint/src/keras/index.ts` is the page `checkpoint-keras`. */
function entries() {
  return fs.readdirSync(path.join(root, 'packages')).flatMap((name) => {
    const folder = path.join(root, 'packages', name);
    const { exports } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return Object.entries(exports).flatMap(([key, target]) => {
      if (typeof target === 'string') return [];
      return [
        { page: `${name}${key.slice(1).replaceAll('/', '-')}`, source: path.join(folder, target['@rondo/source']) },
      ];
    });
  });
}

/** All pages into a folder; TypeDoc names them after the modules, which are named after the pages. */
async function generate(folder, config) {
  const files = entries();
  fs.writeFileSync(config, JSON.stringify(compilerConfig(files.map(({ source }) => source))));
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: files.map(({ source }) => source),
    tsconfig: config,
    basePath: path.join(root, 'packages'),
    skipErrorChecking: true, // the packages' own builds do that
    readme: 'none',
    name: 'Rondo',
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    disableSources: true,
    router: 'module', // a page for each entry
    outputs: [{ name: 'markdown', path: folder }],
    hideBreadcrumbs: true,
    hidePageHeader: true,
    validation: { invalidLink: true, notExported: false },
    logLevel: 'Warn',
  });
  const project = await app.convert();
  if (project === undefined || app.logger.hasErrors()) fail('TypeDoc could not read the sources');
  const byName = new Map(files.map(({ page, source }) => [moduleName(source), page]));
  for (const module of project.children) module.name = byName.get(module.name) ?? module.name;
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) fail('comments need correcting, see above');
}

/** The name that TypeDoc gives a source: its path below packages/, without the ending and the index. */
function moduleName(source) {
  return path
    .relative(path.join(root, 'packages'), source)
    .replaceAll(path.sep, '/')
    .replace(/\.ts$/, '')
    .replace(/\/index$/, '');
}

function compilerConfig(files) {
  const typeRoots = [path.join(root, 'node_modules', '@types')];
  const options = { composite: false, noEmit: true, lib: ['es2023', 'dom'], types: ['node'], typeRoots };
  return { extends: path.join(root, 'tsconfig.base.json'), compilerOptions: options, files, include: [] };
}

/** Pages by name, formatted as everything else in the repository. */
async function read(folder) {
  const options = await prettier.resolveConfig(path.join(pages, 'index.md'));
  const found = new Map();
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }) : []) {
    if (!name.endsWith('.md')) continue;
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    found.set(name, await prettier.format(text, { ...options, parser: 'markdown' }));
  }
  return found;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-api-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const output = path.join(folder, 'pages');
await generate(output, path.join(folder, 'tsconfig.json'));
const fresh = await read(output);
if (process.argv.includes('--check')) {
  const present = await read(pages);
  const stale = [...new Set([...fresh.keys(), ...present.keys()])].filter(
    (name) => fresh.get(name) !== present.get(name),
  );
  if (stale.length > 0)
    fail(
      `docs/api is not what the doc comments say (${stale.join(', ')}). Renew it with: node tools/api-reference.mjs`,
    );
} else {
  fs.rmSync(pages, { recursive: true, force: true });
  for (const [name, text] of fresh) {
    fs.mkdirSync(path.dirname(path.join(pages, name)), { recursive: true });
    fs.writeFileSync(path.join(pages, name), text);
  }
}
