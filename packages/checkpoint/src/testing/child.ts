import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const sources = join(import.meta.dirname, '..');

/** This package's sources as JavaScript, for child processes that a test may kill. */
export async function compileSources(): Promise<{ url: (file: string) => string; remove: () => Promise<void> }> {
  const parent = join(sources, '../test-output');
  await mkdir(parent, { recursive: true });
  const out = await mkdtemp(join(parent, 'child-')); // below the package, so that dependencies are found
  await writeFile(join(out, 'package.json'), '{"type":"module"}');
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  for (const file of await readdir(sources, { recursive: true })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file.startsWith('testing')) continue;
    const { outputText } = ts.transpileModule(await readFile(join(sources, file), 'utf8'), { compilerOptions });
    const target = join(out, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, outputText);
  }
  return {
    url: (file) => pathToFileURL(join(out, file)).href,
    remove: () => rm(out, { recursive: true, force: true }),
  };
}

/** Starts node on a module's text. */
export function startChild(code: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** How a child ended: its exit code or the signal that ended it. */
export function ended(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? child.signalCode);
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
}

/** Waits for the child's first line of output. */
export async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.trim();
}
