import path from 'node:path';
import type { CommandContext } from '../command.js';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.js';
import { UsageError } from '../terminal/exit-codes.js';
import type { CompletionOptions } from '../commands/completion.js';

/** `rondo completion`: a script for the shell that completes commands, options and their values. */
export function run(
  { shell = shellOf(process.env.SHELL) }: CompletionOptions,
  { output }: CommandContext,
): Promise<void> {
  const script = completionScript(shell);
  output.result({ shell, script }, () => script.trimEnd());
  return Promise.resolve();
}

/** @throws UsageError for a shell that is not known here */
function shellOf(program: string | undefined): Shell {
  const name = path.basename(program ?? '');
  const shell = SHELLS.find((known) => known === name);
  if (shell !== undefined) return shell;
  throw new UsageError(`name the shell: ${SHELLS.join(', ')} ($SHELL is ${program ?? 'not set'})`);
}
