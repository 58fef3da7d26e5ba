import type { Argv } from 'yargs';
import { readConfigFile, type OptionKinds } from './options/config-file.js';
import type { GlobalOptions } from './options/global-options.js';
import { configDescription, withGlobalOptions } from './options/global-options.js';
import type { OptionWords } from './options/option-words.js';
import { UsageError } from './terminal/exit-codes.js';
import { Output } from './terminal/output.js';

/** What a command works with beside its own options. */
export interface CommandContext {
  output: Output;
  /** Aborted by the first Ctrl-C; long work saves and ends. */
  signal: AbortSignal;
}

/** What a command does: options in, one library call, a result printed. */
export interface Action<T> {
  run(options: T & GlobalOptions, context: CommandContext): Promise<void>;
}

/** One `rondo` command: its name, help and options. They are light, so that the program is there at once. */
export interface Command<T> {
  usage: string;
  summary: string;
  examples: readonly (readonly [string, string])[];
  options(yargs: Argv): Argv<T>;
  /** Loads what it does, and with it the libraries that this takes. */
  action(): Promise<Action<T>>;
}

/** What all commands of a program share. */
export interface ProgramContext {
  signal: AbortSignal;
  /** Learns how the options of this call are named. */
  words: OptionWords;
  /** Learns early whether an error may show its stack. */
  onStart(options: GlobalOptions): void;
}

/** Adds a command to the program. */
export function register<T>(program: Argv, command: Command<T>, context: ProgramContext): Argv {
  return program.command(
    command.usage,
    command.summary,
    (yargs) => buildOptions(yargs, command, context.words),
    async (argv) => {
      const options = argv as unknown as T & GlobalOptions;
      context.onStart(options);
      const action = await command.action();
      await action.run(options, { output: new Output(options), signal: context.signal });
    },
  );
}

function buildOptions<T>(yargs: Argv, command: Command<T>, words: OptionWords): Argv {
  const built = withGlobalOptions(command.options(yargs)) as unknown as Argv;
  for (const [line, explanation] of command.examples) built.example(line, explanation);
  // Read through yargs' own mechanism, so that the command line wins over the file and the file over the defaults.
  built.config('config', configDescription, (file: string) => {
    const { values, keys } = readConfigFile(file, optionKinds(built, command.usage), internals(built).choices);
    words.learnFile(file, keys);
    return values;
  });
  words.learn(Object.keys(internals(built).key));
  const list = listArgument(command.usage);
  const checks = (argv: Record<string, unknown>) => {
    keepLast(argv, list);
    refuseEmpty(argv);
    refuseText(argv, internals(built).number);
  };
  return built.middleware(checks, true).strict();
}

/** The argument that takes several values: "data" of "evaluate <model> <data..>". */
function listArgument(usage: string): string | undefined {
  return /(\w+)\.\.[>\]]/.exec(usage)?.[1];
}

/** An option given twice: the last one counts, as in other programs. */
function keepLast(argv: Record<string, unknown>, list: string | undefined): void {
  for (const [name, value] of Object.entries(argv))
    if (name !== '_' && name !== list && Array.isArray(value)) argv[name] = value.at(-1);
}

/** `--out ""` is a variable that was not set in somebody's script, never a wish. */
function refuseEmpty(argv: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(argv))
    if (value === '') throw new UsageError(`--${name} is empty; give it a value or leave it out`);
}

/** Where a number belongs, yargs makes NaN of anything else. */
function refuseText(argv: Record<string, unknown>, numbers: readonly string[]): void {
  for (const name of numbers)
    if (Number.isNaN(argv[name])) throw new UsageError(`--${name} takes a number; what was given is none`);
}

interface YargsOptions extends Record<'number' | 'boolean' | 'string', string[]> {
  key: Record<string, boolean>;
  choices: Record<string, readonly unknown[]>;
}

/** What yargs knows of the options declared so far; its types do not tell of it. */
function internals(yargs: Argv): YargsOptions {
  return (yargs as unknown as { getOptions(): YargsOptions }).getOptions();
}

/** The options declared so far by what they take; arguments without a dash cannot stand in a file. */
function optionKinds(yargs: Argv, usage: string): OptionKinds {
  const { key, number, boolean } = internals(yargs);
  const positional = new Set([...usage.matchAll(/[<[](\w+)/g)].map(([, name]) => name));
  const numbers = new Set(number);
  const booleans = new Set(boolean);
  const names = Object.keys(key).filter(
    (name) =>
      name.length > 1 && !/[A-Z]/.test(name) && !positional.has(name) && !['config', 'help', 'version'].includes(name),
  );
  return {
    number: new Set(names.filter((name) => numbers.has(name))),
    boolean: new Set(names.filter((name) => booleans.has(name))),
    string: new Set(names.filter((name) => !numbers.has(name) && !booleans.has(name))),
  };
}
