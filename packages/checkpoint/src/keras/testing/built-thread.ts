import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transpileModule, ModuleKind, ScriptTarget } from 'typescript';
import { afterAll } from 'vitest';
import { Hdf5Thread } from '../hdf5/hdf5-thread.js';

const sources = path.resolve(import.meta.dirname, '..');
const FILES = ['limits', 'hdf5/tree', 'hdf5/memory-limit', 'hdf5/read-hdf5', 'hdf5/read-worker'];

/** The reading thread as it is in the package: threads need JavaScript, so its few sources are made such here. */
export function builtThread(): Hdf5Thread {
  const output = path.resolve(sources, '..', '..', 'test-output', `thread-${process.pid}`);
  for (const name of FILES) {
    const source = fs.readFileSync(path.join(sources, `${name}.ts`), 'utf8');
    const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
    const file = path.join(output, `${name}.js`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, transpileModule(source, { compilerOptions }).outputText);
  }
  fs.writeFileSync(path.join(output, 'package.json'), '{"type":"module"}');
  const thread = new Hdf5Thread(pathToFileURL(path.join(output, 'hdf5', 'read-worker.js')));
  afterAll(async () => {
    await thread.close();
    fs.rmSync(output, { recursive: true, force: true });
  });
  return thread;
}
