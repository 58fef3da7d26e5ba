import type { Command } from '../command.js';
import { withSchemeOptions, type SchemeOptions } from '../options/scheme-options.js';

export interface TokensOptions extends SchemeOptions {
  midi: string;
}

/** `rondo tokens`: what a scheme makes of a MIDI file. */
export const tokensCommand: Command<TokensOptions> = {
  usage: 'tokens <midi>',
  summary: 'Show the tokens that a scheme makes of a MIDI file',
  examples: [
    ['$0 tokens piece.mid', 'the default scheme, remi'],
    ['$0 tokens piece.mid --scheme chord --json', "the tutorial's notes and chords"],
  ],
  options: (yargs) =>
    withSchemeOptions(yargs.positional('midi', { type: 'string', demandOption: true, describe: 'MIDI file' })) as never,
  action: () => import('../actions/tokens.js'),
};
