import type { Score } from '../../score/score.js';
import type { Grammar, Scheme, SchemeFactory } from '../scheme.js';
import { parseRemiConfig, type RemiConfig, type RemiOptions } from './config.js';
import { tokensToPiece } from './decode.js';
import { pieceToTokens } from './encode.js';
import { RemiGrammar } from './grammar.js';
import { RemiLayout } from './layout.js';
import { pieceToScore } from './piece.js';
import { scoreToPiece } from './quantise.js';
import { RemiTokens } from './tokens.js';

/**
 * REMI (Huang & Yang 2020, "Pop Music Transformer") in MidiTok's names: bars and positions instead of time shifts,
 * each note as pitch, velocity and duration, with programs, meters and tempos where they change.
 */
export class RemiScheme implements Scheme {
  readonly name = 'remi';
  readonly config: RemiConfig;
  readonly specials = true;
  readonly barStart = 'Bar';
  readonly percussion: boolean;
  private readonly layout: RemiLayout;
  private readonly names: RemiTokens;

  constructor(options: RemiOptions = {}) {
    this.config = parseRemiConfig(options);
    this.percussion = this.config.drums;
    this.layout = new RemiLayout(this.config);
    this.names = new RemiTokens(this.layout);
  }

  startsNote(token: string): boolean {
    return token.startsWith('Pitch');
  }

  encode(score: Score): string[] {
    return pieceToTokens(scoreToPiece(score, this.layout), this.layout, this.names);
  }

  decode(tokens: readonly string[]): Score {
    return pieceToScore(tokensToPiece(tokens, this.layout, this.names), this.layout);
  }

  quantise(score: Score): Score {
    return pieceToScore(scoreToPiece(score, this.layout), this.layout);
  }

  grammar(): Grammar {
    return new RemiGrammar(this.layout, this.names);
  }
}

export const remiScheme: SchemeFactory = {
  name: 'remi',
  create: (options) => new RemiScheme(options as RemiOptions),
};
