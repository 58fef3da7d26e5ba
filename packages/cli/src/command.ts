import type { Argv } from 'yargs';
import { readConfigFile } from './options/config-file.js';
import type { GlobalOptions } from './options/global-options.js';
import { withGlobalOptions } from './options/global-options.js';
import { Output } from './terminal/output.js';

/** What a command works with beside its own options. */
export interface CommandContext {
  output: Output;
  /** Aborted by the first Ctrl-C; long work saves and ends. */
  signal: AbortSignal;
}

/** One `rondo` command: options in, one library call, a result printed. */
export interface Command<T> {
  usage: string;
  summary: string;
  examples: readonly (readonly [string, string])[];
  options(yargs: Argv): Argv<T>;
  run(options: T & GlobalOptions, context: CommandContext): Promise<void>;
}

/** Adds a command to the program; `onStart` learns early whether an error may show its stack. */
export function register<T>(
  program: Argv,
  command: Command<T>,
  context: { signal: AbortSignal; onStart(options: GlobalOptions): void },
): Argv {
  return program.command(
    command.usage,
    command.summary,
    (yargs) => buildOptions(yargs, command),
    async (argv) => {
      const options = argv as unknown as T & GlobalOptions;
      context.onStart(options);
      await command.run(options, { output: new Output(options), signal: context.signal });
    },
  );
}

function buildOptions<T>(yargs: Argv, command: Command<T>): Argv {
  const built = withGlobalOptions(command.options(yargs)) as unknown as Argv;
  for (const [line, explanation] of command.examples) built.example(line, explanation);
  // Read through yargs' own mechanism, so that the command line wins over the file and the file over the defaults.
  built.config('config', (file: string) => readConfigFile(file, optionNames(built)));
  return built.middleware((argv) => keepLast(argv, listArgument(command.usage)), true).strict();
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

/** Long names of the options declared so far, in kebab-case and camelCase. */
function optionNames(yargs: Argv): ReadonlySet<string> {
  const { key } = (yargs as unknown as { getOptions(): { key: Record<string, boolean> } }).getOptions();
  return new Set(Object.keys(key).filter((name) => name.length > 1 && !['config', 'help', 'version'].includes(name)));
}
