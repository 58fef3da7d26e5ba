import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { UsageError } from '../terminal/exit-codes.js';

/** Larger files are not configurations. */
const maxBytes = 1 << 20;

/**
 * The options of a `--config` file (YAML or JSON), by option name as on the command line, in kebab-case or camelCase.
 * @throws UsageError when the file is unreadable, is no mapping, or holds a key that the command does not know
 */
export function readConfigFile(file: string, knownOptions: ReadonlySet<string>): Record<string, unknown> {
  const values = parseMapping(file);
  for (const key of Object.keys(values)) {
    if (!knownOptions.has(key))
      throw new UsageError(`${file}: unknown option "${key}"; known are ${[...knownOptions].sort().join(', ')}`);
  }
  return values;
}

function parseMapping(file: string): Record<string, unknown> {
  const text = readText(file);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new UsageError(`${file} is neither YAML nor JSON: ${(error as Error).message.split('\n')[0]}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${file} must hold options as "name: value" lines, for example "epochs: 20"`);
  return value as Record<string, unknown>;
}

function readText(file: string): string {
  const resolved = path.resolve(file);
  if (!fs.existsSync(resolved)) throw new UsageError(`the configuration ${file} does not exist`);
  const { size } = fs.statSync(resolved);
  if (size > maxBytes)
    throw new UsageError(`the configuration ${file} is ${size} bytes long, at most ${maxBytes} are read`);
  return fs.readFileSync(resolved, 'utf8');
}
