import fs from 'node:fs';
import path from 'node:path';
import type { Argv } from 'yargs';
import yargs from 'yargs';
import { register } from './command.js';
import { commands } from './commands/index.js';
import { OptionWords } from './options/option-words.js';
import { UsageError } from './terminal/exit-codes.js';
import { interruptSignal } from './terminal/interruption.js';
import { writeAll } from './terminal/write-all.js';
import { reportError } from './terminal/report-error.js';

function version(): string {
  const manifest = new URL('../package.json', import.meta.url);
  return (JSON.parse(fs.readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** What yargs says by itself, as the program says things. */
const WORDS = {
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'This command takes more: %s was given, at least %s are needed',
    other: 'This command takes more: %s were given, at least %s are needed',
  },
  'Missing required argument: %s': { one: 'Missing: %s', other: 'Missing: %s' },
  'Not enough arguments following: %s': 'Without a value: %s',
  'Unknown argument: %s': { one: 'There is no option or argument %s', other: 'There are no options or arguments %s' },
  'Arguments %s and %s are mutually exclusive': '--%s and --%s exclude each other; give one of them',
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
  const line = (message ?? error?.message ?? 'wrong usage')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^(Missing|Without a value): (.*)/, (_, what: string, names: string) => `${what}: ${dashed(names)}`);
  return new UsageError(line.includes('rondo --help') ? line : `${line} (see "rondo --help")`);
}

/** "out, notes" as they are written on the command line. */
function dashed(names: string): string {
  return names.replace(/[\w-]+/g, '--$&');
}

/**
 * The words of the command line as yargs takes them: what stands after `--` is no option, whatever it begins with. There
 * it asks for arguments before it.
 */
function withoutSeparator(argv: readonly string[]): string[] {
  const at = argv.indexOf('--');
  if (at < 0) return [...argv];
  const rest = argv.slice(at + 1).map((word) => (word.startsWith('-') ? `.${path.sep}${word}` : word));
  return [...argv.slice(0, at), ...rest];
}

/** yargs reads `--no-X` as X switched off; an option whose own name begins so is told by its value, in one word. */
const NAMES_WITH_NO = ['--no-repeat'];

function withOwnNames(argv: readonly string[]): string[] {
  return argv.flatMap((word, i) => {
    if (NAMES_WITH_NO.includes(word)) return [`${word}=${argv[i + 1] ?? ''}`];
    return i > 0 && NAMES_WITH_NO.includes(argv[i - 1]) ? [] : [word];
  });
}

/** Runs one command line and sets the exit code of the process. @param argv words after `rondo` */
export async function main(argv: string[]): Promise<void> {
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  let verbose = argv.includes('--verbose');
  // Whatever is thrown where nobody waits for it ends the process in one line too.
  process.on('uncaughtException', (error) => process.exit(reportError(error, verbose)));
  const signal = interruptSignal();
  const words = new OptionWords(argv);
  const onStart = (options: { verbose: boolean }) => {
    verbose = options.verbose;
  };
  const line = withOwnNames(withoutSeparator(argv));
  const cli = program(line);
  for (const command of commands) register(cli, command, { signal, words, onStart });
  try {
    await parse(cli, line);
  } catch (error) {
    process.exitCode = reportError(error, verbose, words);
  }
}

/** Help and versions are written here: yargs itself would not notice where they cannot be. */
async function parse(cli: Argv, line: string[]): Promise<void> {
  if (line.some((word) => word.startsWith('--get-yargs-completions'))) return void (await cli.parseAsync());
  let said = '';
  await cli.parseAsync(line, (_error: unknown, _argv: unknown, output: string) => {
    said = output;
  });
  if (said !== '') await writeAll(process.stdout, Buffer.from(`${said}\n`));
}

/** `rondo tokens x.mid | head` closes our stdout early; that is no error of ours. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
