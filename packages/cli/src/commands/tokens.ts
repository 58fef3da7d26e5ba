import { createScheme } from '@rondo/tokenizer';
import type { Command } from '../command.js';
import { readScore } from '../models/read-scores.js';
import { schemeOf, withSchemeOptions, type SchemeOptions } from '../options/scheme-options.js';

interface TokensOptions extends SchemeOptions {
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
  async run(options, { output }) {
    const scheme = createScheme(schemeOf(options));
    const tokens = scheme.encode(readScore(options.midi, output));
    output.result({ file: options.midi, scheme: scheme.config, count: tokens.length, tokens }, () => tokens.join(' '));
  },
};
