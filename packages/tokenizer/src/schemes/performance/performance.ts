import type { Score } from '../../score/score.js';
import type { Grammar, Scheme, SchemeFactory } from '../scheme.js';
import { parsePerformanceConfig, type PerformanceConfig, type PerformanceOptions } from './config.js';
import { pieceToTokens } from './encode.js';
import { PerformanceGrammar } from './grammar.js';
import { pieceToScore, type PlayedNote, type PlayedPedal } from './piece.js';
import { scoreToPiece } from './quantise.js';
import { PerformanceReader } from './reader.js';
import { PerformanceTokens } from './tokens.js';

/**
 * Playing as a stream of events in real time (Oore et al. 2018, "This Time with Feeling"): keys struck and let go, waits
 * of 10 ms to 1 s, velocity in 32 levels; 388 events with the default options, and the pedal up and down on request. All
 * pitched tracks are one piano.
 */
export class PerformanceScheme implements Scheme {
  readonly name = 'performance';
  readonly config: PerformanceConfig;
  readonly specials = true;
  readonly percussion = false;
  private readonly names: PerformanceTokens;

  constructor(options: PerformanceOptions = {}) {
    this.config = parsePerformanceConfig(options);
    this.names = new PerformanceTokens(this.config);
  }

  /** Every event that this configuration can write. */
  get events(): readonly string[] {
    return this.names.names;
  }

  startsNote(token: string): boolean {
    return token.startsWith('NoteOn_');
  }

  encode(score: Score): string[] {
    return pieceToTokens(scoreToPiece(score, this.config), this.names);
  }

  decode(tokens: readonly string[]): Score {
    const notes: PlayedNote[] = [];
    const pedals: PlayedPedal[] = [];
    const reader = new PerformanceReader(this.config, {
      note: (note) => void notes.push(note),
      pedal: (pedal) => void pedals.push(pedal),
    });
    for (const name of tokens) {
      const token = this.names.parse(name);
      if (token !== undefined) reader.read(token);
    }
    reader.finish();
    notes.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
    return pieceToScore({ notes, pedals: notes.length > 0 ? pedals : [] }, this.config);
  }

  quantise(score: Score): Score {
    return pieceToScore(scoreToPiece(score, this.config), this.config);
  }

  grammar(): Grammar {
    return new PerformanceGrammar(this.names);
  }
}

export const performanceScheme: SchemeFactory = {
  name: 'performance',
  create: (options) => new PerformanceScheme(options as PerformanceOptions),
};
