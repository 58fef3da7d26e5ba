import { createScheme } from '@rondo/tokenizer';
import type { CommandContext } from '../command.js';
import { readScore } from '../models/read-score.js';
import { schemeOf } from '../options/scheme-options.js';
import type { TokensOptions } from '../commands/tokens.js';

/** `rondo tokens`: what a scheme makes of a MIDI file. */
export async function run(options: TokensOptions, { output }: CommandContext): Promise<void> {
  const scheme = createScheme(schemeOf(options));
  const tokens = scheme.encode(readScore(options.midi, output));
  output.result({ file: options.midi, scheme: scheme.config, count: tokens.length, tokens }, () => tokens.join(' '));
}
