import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isAbsolute, join, resolve } from 'node:path';
import { EngineError } from './errors.js';
import type { NativeBinding } from './native-binding.js';

export interface LoadedBinding {
  /** File that was loaded. */
  path: string;
  binding: NativeBinding;
}

interface Candidate {
  path: string;
  /** Where the path comes from, for the error message. */
  origin: string;
}

const require = createRequire(import.meta.url);
// src/ and dist/ both stand directly in the package's folder.
const packageRoot = fileURLToPath(new URL('..', import.meta.url));

let loaded: LoadedBinding | undefined;

/**
 * The native addon of this environment, loaded on first use.
 * Throws RONDO_ADDON_MISSING with every place that was tried, why it failed and what to do.
 */
export function loadBinding(): LoadedBinding {
  if (loaded === undefined) {
    loaded = findBinding(process.env['RONDO_ADDON'], packageRoot);
    loaded.binding.setErrorClass(EngineError);
  }
  return loaded;
}

/** Tries the places in turn: the file named by RONDO_ADDON alone if it is set, else the packaged and the built one. */
export function findBinding(override: string | undefined, root: string): LoadedBinding {
  const failures: string[] = [];
  for (const { path, origin } of candidates(override, root)) {
    if (!existsSync(path)) {
      failures.push(`${origin} ${path}: no such file`);
      continue;
    }
    try {
      return { path, binding: ofThisVersion(require(path) as NativeBinding) };
    } catch (error) {
      failures.push(`${origin} ${path}: ${firstLine(error)}`);
    }
  }
  throw new EngineError('RONDO_ADDON_MISSING', missingMessage(failures, override, root));
}

/** An addon of another version loads too, and would misread what it is given. @throws Error */
function ofThisVersion(binding: NativeBinding): NativeBinding {
  const { version } = require(join(packageRoot, 'package.json')) as { version: string };
  const found = typeof binding.info === 'function' ? binding.info().version : undefined;
  if (found === version) return binding;
  throw new Error(
    found === undefined
      ? 'an addon of another package'
      : `of version ${found}, and this is version ${version} of the package: build or install it again`,
  );
}

function candidates(override: string | undefined, root: string): Candidate[] {
  if (override !== undefined && override !== '') {
    return [{ path: isAbsolute(override) ? override : resolve(override), origin: 'RONDO_ADDON' }];
  }
  const target = `${process.platform}-${process.arch}`;
  // A build of one's own comes first: whoever has built from source wants that one.
  return [
    { path: join(root, 'build', 'Release', 'rondo_native.node'), origin: 'built' },
    { path: join(root, 'prebuilds', target, 'rondo_native.node'), origin: 'packaged' },
  ];
}

function missingMessage(failures: string[], override: string | undefined, root: string): string {
  const script = join(root, 'scripts', 'build-native.mjs');
  const remedy =
    override !== undefined && override !== ''
      ? 'correct RONDO_ADDON or unset it'
      : `build it (needs CMake and a C++20 compiler) with: node ${JSON.stringify(script)}, or name one that was built elsewhere in RONDO_ADDON`;
  return `no native addon for ${process.platform}-${process.arch}: tried ${failures.join('; ')}; ${remedy}`;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}
