import type { OptionWords } from '../options/option-words.js';
import { exitCode } from './exit-codes.js';
import { oneLine } from './one-line.js';

/** Codes of the libraries that mean "called wrongly" rather than "failed". */
const usageCodes = new Set([
  'RONDO_USAGE',
  'RONDO_TRAINER_USAGE',
  'RONDO_GENERATOR_OPTION',
  'RONDO_SCHEME_OPTIONS',
  'RONDO_DATASET_OPTION',
]);

/** Errors of the operating system that a user can do something about, in plain words. */
const systemErrors: Record<string, string> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device: free some space or choose another folder',
  EISDIR: 'a file was expected, this is a folder',
  ENOTDIR: 'a folder was expected, this is a file',
  EEXIST: 'a file is in the way',
  EMFILE: 'too many open files',
  ELOOP: 'symbolic links lead in circles',
  ENAMETOOLONG: 'the name is too long',
};

/** Codes that mean "failed", of errors that name options all the same. */
const codesThatNameOptions = new Set([...usageCodes, 'RONDO_GENERATOR_CONSTRAINT']);

const MISSING_PART =
  'a part of rondo is missing; install it again, or build it where its sources are: npx nx run-many -t build';

interface SystemError {
  code?: string;
  path?: string;
}

/** The one line that is shown for an error. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const { code, path } = error as SystemError;
  const plain = code === undefined ? undefined : systemErrors[code];
  if (code === 'ERR_MODULE_NOT_FOUND') return `${MISSING_PART} (${oneLine(error.message.split('\n')[0])})`;
  if (plain !== undefined) return path === undefined ? plain : oneLine(`${path}: ${plain}`);
  return oneLine(error.message.split('\n')[0]);
}

function exitCodeOf(error: unknown): number {
  const code = (error as SystemError | undefined)?.code ?? '';
  if (code === 'RONDO_INTERRUPTED') return exitCode.interrupted;
  return usageCodes.has(code) ? exitCode.usage : exitCode.failed;
}

/**
 * Prints one line, or the whole stack with --verbose, and says what the process should end with.
 * @param words how the user has named the options, for what is said of them
 */
export function reportError(error: unknown, verbose: boolean, words?: OptionWords): number {
  const code = exitCodeOf(error);
  const line = errorLine(error);
  const translates = codesThatNameOptions.has((error as SystemError | undefined)?.code ?? '');
  process.stderr.write(`rondo: ${translates ? (words?.translate(line) ?? line) : line}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return code;
}
