import fs from 'node:fs';
import type { Argv } from 'yargs';
import yargs from 'yargs';
import { register } from './command.js';
import { commands } from './commands/index.js';
import { exitCode, UsageError } from './terminal/exit-codes.js';
import { reportError } from './terminal/report-error.js';

function version(): string {
  const manifest = new URL('../package.json', import.meta.url);
  return (JSON.parse(fs.readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** The first Ctrl-C asks the running work to save and end; the second one ends the process. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort();
    process.stderr.write('\nstopping (press Ctrl-C again to quit at once)\n');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}

/** What yargs says by itself, as the program says things. */
const WORDS = {
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'This command takes more: %s was given, at least %s is needed',
    other: 'This command takes more: %s were given, at least %s are needed',
  },
  'Missing required argument: %s': { one: 'Missing: %s', other: 'Missing: %s' },
  'Unknown argument: %s': { one: 'There is no option or argument %s', other: 'There are no options or arguments %s' },
  'Invalid values:': 'Not among the choices:',
  'Implications failed:': 'One option asks for another:',
};

function program(argv: string[]): Argv {
  return yargs(argv)
    .scriptName('rondo')
    .locale('en') // the program speaks one language, whatever the system's
    .updateStrings(WORDS as never) // its types know of no plurals
    .usage('Usage: $0 <command> [options]\n\nTrain LSTMs on folders of MIDI files and compose with them.')
    .demandCommand(1, 'Name a command; "rondo --help" lists them.')
    .recommendCommands()
    .strict()
    .version(version())
    .alias('help', 'h')
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .epilogue('"rondo <command> --help" shows the options of a command with examples.')
    .fail((message, error) => {
      throw asUsageError(message, error);
    });
}

/** What yargs itself complains about is wrong usage, in one line; what a command threw stays what it is. */
function asUsageError(message: string | undefined, error: Error | undefined): Error {
  if (error !== undefined && error.name !== 'YError') return error;
  const line = (message ?? error?.message ?? 'wrong usage').replace(/\s*\n\s*/g, ' ');
  return new UsageError(`${line} (see "rondo --help")`);
}

/** Runs one command line and sets the exit code of the process. @param argv words after `rondo` */
export async function main(argv: string[]): Promise<void> {
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  let verbose = argv.includes('--verbose');
  // Whatever is thrown where nobody waits for it ends the process in one line too.
  process.on('uncaughtException', (error) => process.exit(reportError(error, verbose)));
  const signal = interruptSignal();
  const cli = program(argv);
  for (const command of commands)
    register(cli, command, {
      signal,
      onStart: (options) => {
        verbose = options.verbose;
      },
    });
  try {
    await cli.parseAsync();
  } catch (error) {
    process.exitCode = reportError(error, verbose);
  }
}

/** `rondo tokens x.mid | head` closes our stdout early; that is no error of ours. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
