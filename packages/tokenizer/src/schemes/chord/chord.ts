import type { Score } from '../../score/score.js';
import type { Grammar, Scheme, SchemeFactory } from '../scheme.js';
import { parseChordConfig, type ChordConfig, type ChordOptions } from './config.js';
import { ChordGrammar, pieceToTokens } from './grammar.js';
import { forget, pieceToScore, scoreToPiece, type ChordEvent } from './piece.js';

/**
 * The tutorial's tokens: each onset is a note name (`E-5`) or a chord in normal order (`4.7.11`), in
 * music21's naming, read back at a fixed step of half a beat. With voicing, durations and rests it keeps
 * everything that one piano needs.
 */
export class ChordScheme implements Scheme {
  readonly name = 'chord';
  readonly config: ChordConfig;
  readonly specials: boolean;
  readonly percussion = false;

  constructor(options: ChordOptions = {}) {
    this.config = parseChordConfig(options);
    this.specials = !this.config.tutorial;
  }

  encode(score: Score): string[] {
    return pieceToTokens(scoreToPiece(score, this.config), this.config);
  }

  decode(tokens: readonly string[]): Score {
    const piece: ChordEvent[] = [];
    const reader = new ChordGrammar(this.config, (event) => void piece.push(event));
    for (const token of tokens) reader.push(token);
    return pieceToScore(piece, this.config);
  }

  quantise(score: Score): Score {
    return pieceToScore(forget(scoreToPiece(score, this.config), this.config), this.config);
  }

  grammar(): Grammar {
    return new ChordGrammar(this.config);
  }
}

export const chordScheme: SchemeFactory = {
  name: 'chord',
  create: (options) => new ChordScheme(options as ChordOptions),
};
