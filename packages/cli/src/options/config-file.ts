import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Yaml from 'yaml';
import { readFile } from '../files/whole-file.js';
import { UsageError } from '../terminal/exit-codes.js';

/** The parser is loaded for those who have a file; yargs asks for its options synchronously. */
const yaml = () => createRequire(import.meta.url)('yaml') as typeof Yaml;

/** Larger files are not configurations. */
const maxBytes = 1 << 20;

/** Names of a command's options by their kind, in kebab-case. */
export interface OptionKinds {
  number: ReadonlySet<string>;
  boolean: ReadonlySet<string>;
  string: ReadonlySet<string>;
}

/** What an option takes, where it is a choice. */
export type OptionChoices = Readonly<Record<string, readonly unknown[] | undefined>>;

/** What a `--config` file holds. */
export interface ConfigFile {
  values: Record<string, unknown>;
  keys: ReadonlyMap<string, string>;
}

/**
 * The options of a `--config` file (YAML or JSON), by option name as on the command line or in camelCase.
 * @returns the values by kebab-case name, and how the file spells each name
 * @throws UsageError when the file is unreadable, is no mapping, or holds a key or a value that the command does not take
 */
export function readConfigFile(file: string, kinds: OptionKinds, choices: OptionChoices = {}): ConfigFile {
  const values: Record<string, unknown> = {};
  const keys = new Map<string, string>();
  for (const [key, value] of Object.entries(readMapping(file))) {
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    checkValue(file, key, value, kindOf(file, key, name, kinds));
    checkChoice(file, key, value, choices[name]);
    if (name in values) throw new UsageError(`${file}: "${key}" stands there twice; keep one of the two`);
    values[name] = value;
    keys.set(name, key);
  }
  return { values, keys };
}

function checkChoice(file: string, key: string, value: unknown, choices: readonly unknown[] | undefined): void {
  if (choices === undefined || choices.length === 0 || choices.includes(value)) return;
  throw new UsageError(`${file}: "${key}" takes one of ${choices.join(', ')}, not ${JSON.stringify(value)}`);
}

type Kind = keyof OptionKinds;

function kindOf(file: string, key: string, name: string, kinds: OptionKinds): Kind {
  const names = Object.keys(kinds) as Kind[];
  const kind = names.find((candidate) => kinds[candidate].has(name));
  if (kind !== undefined) return kind;
  const known = names.flatMap((candidate) => [...kinds[candidate]]).sort();
  throw new UsageError(`${file}: unknown option "${key}"; known are ${known.join(', ')}`);
}

function checkValue(file: string, key: string, value: unknown, kind: Kind): void {
  const fits = typeof value === kind || (kind === 'string' && typeof value === 'number');
  if (fits && (typeof value !== 'number' || Number.isFinite(value))) return;
  const article = { number: 'a number', boolean: 'true or false', string: 'text' }[kind];
  throw new UsageError(
    `${file}: "${key}" takes ${article}, not ${typeof value === 'number' ? value : JSON.stringify(value)}`,
  );
}

/** The mapping that a YAML or JSON file holds. @throws UsageError when the file is unreadable or holds something else */
export function readMapping(file: string): Record<string, unknown> {
  const text = readText(file);
  let value: unknown;
  try {
    const document = yaml().parseDocument(text);
    const [wrong] = [...document.errors, ...document.warnings]; // a tag that nobody knows is no more than a warning
    if (wrong !== undefined) throw wrong;
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new UsageError(`${file} is neither YAML nor JSON: ${(error as Error).message.split('\n')[0]}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${file} must hold "name: value" lines, for example "epochs: 20"`);
  return value as Record<string, unknown>;
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFile(path.resolve(file));
  } catch (error) {
    throw new UsageError(`the configuration ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (bytes.length <= maxBytes) return bytes.toString('utf8');
  throw new UsageError(`the configuration ${file} is ${bytes.length} bytes long, at most ${maxBytes} are read`);
}
