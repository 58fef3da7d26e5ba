import path from 'node:path';
import type { Command } from '../command.js';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.js';
import { UsageError } from '../terminal/exit-codes.js';

interface CompletionOptions {
  shell?: Shell;
}

/** `rondo completion`: a script for the shell that completes commands, options and their values. */
export const completionCommand: Command<CompletionOptions> = {
  usage: 'completion [shell]',
  summary: 'Print a script that completes rondo in your shell',
  examples: [
    ['$0 completion bash >> ~/.bashrc', 'for bash'],
    ['$0 completion zsh >> ~/.zshrc', 'for zsh, after its "compinit"'],
    ['$0 completion fish > ~/.config/fish/completions/rondo.fish', 'for fish'],
  ],
  options: (yargs) =>
    yargs.positional('shell', { choices: SHELLS, describe: 'Which shell (default: the one of $SHELL)' }) as never,
  run({ shell = shellOf(process.env.SHELL) }, { output }) {
    const script = completionScript(shell);
    output.result({ shell, script }, () => script.trimEnd());
    return Promise.resolve();
  },
};

/** @throws UsageError for a shell that is not known here */
function shellOf(program: string | undefined): Shell {
  const name = path.basename(program ?? '');
  const shell = SHELLS.find((known) => known === name);
  if (shell !== undefined) return shell;
  throw new UsageError(`name the shell: ${SHELLS.join(', ')} ($SHELL is ${program ?? 'not set'})`);
}
