import type { GlobalOptions } from '../options/global-options.js';
import { printable } from './one-line.js';

/** Where a command's words go: results to stdout, everything else to stderr; with --json one document and nothing beside it. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;

  constructor(options: Pick<GlobalOptions, 'json' | 'quiet'>) {
    this.json = options.json;
    this.quiet = options.quiet;
  }

  /** The command's result: `document` with --json, else the lines of `text`. */
  result(document: unknown, text: () => string): void {
    process.stdout.write(this.json ? `${JSON.stringify(document, undefined, 2)}\n` : `${printable(text())}\n`);
  }

  /** Progress and remarks, silent with --quiet. */
  note(line: string): void {
    if (!this.quiet) process.stderr.write(`${printable(line)}\n`);
  }

  /** What the user should know even with --quiet. */
  warning(line: string): void {
    process.stderr.write(`warning: ${printable(line)}\n`);
  }
}
