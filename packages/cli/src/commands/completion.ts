import type { Command } from '../command.js';
import { SHELLS, type Shell } from '../completion/scripts.js';

export interface CompletionOptions {
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
  action: () => import('../actions/completion.js'),
};
