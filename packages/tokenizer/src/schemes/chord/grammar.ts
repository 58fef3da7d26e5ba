import type { Grammar } from '../scheme.js';
import type { ChordConfig } from './config.js';
import { lengthBefore, PLAIN_DURATION, type ChordEvent } from './piece.js';
import { MAX_STEPS, onsetToken, parseToken, type ChordToken } from './tokens.js';

type Phase = 'start' | 'onset' | 'closed' | 'wait' | 'fullWait' | 'end';

/** Tokens of a piece: the onsets, with their durations and the waits between them where these are kept. */
export function pieceToTokens(piece: readonly ChordEvent[], config: ChordConfig): string[] {
  const tokens: string[] = [];
  let time = 0;
  piece.forEach((event, i) => {
    if (config.rests) {
      for (let wait = event.start - time; wait > 0; wait -= MAX_STEPS) {
        tokens.push(`Wait_${Math.min(wait, MAX_STEPS)}`);
      }
      time = event.start;
    }
    tokens.push(onsetToken(event.pitches, config.voicing));
    if (!config.durations) return;
    tokens.push(`Dur_${config.rests ? event.duration : lengthBefore(event, piece[i + 1])}`);
  });
  return tokens;
}

/**
 * What the encoder writes: an onset, then (where durations are kept) its duration, then (where rests are
 * kept) a wait; a wait follows a wait only if that was the longest. The piece ends after an onset.
 * The same state reads tokens for `decode`: what is not legal is skipped.
 */
export class ChordGrammar implements Grammar {
  private phase: Phase = 'start';
  private begun = false;
  private time = 0;
  private pending: readonly number[] = [];

  constructor(
    private readonly config: ChordConfig,
    private readonly onEvent: (event: ChordEvent) => void = () => undefined,
  ) {}

  allows(name: string): boolean {
    const token = parseToken(name, this.config.voicing);
    return token !== undefined && this.legal(token);
  }

  push(name: string): void {
    const token = parseToken(name, this.config.voicing);
    if (token === undefined || !this.legal(token)) return;
    switch (token.kind) {
      case 'bos':
        this.begun = true;
        return;
      case 'eos':
        this.phase = 'end';
        return;
      case 'wait':
        this.time += token.steps;
        this.phase = token.steps === MAX_STEPS ? 'fullWait' : 'wait';
        return;
      case 'onset':
        this.pending = token.pitches;
        if (this.config.durations) this.phase = 'onset';
        else this.close(PLAIN_DURATION, 1);
        return;
      case 'duration':
        this.close(token.steps, token.steps);
    }
  }

  clone(): ChordGrammar {
    const copy = new ChordGrammar(this.config);
    const { phase, begun, time, pending } = this;
    return Object.assign(copy, { phase, begun, time, pending });
  }

  stateKey(): string {
    return `${this.phase} ${this.begun}`;
  }

  private close(duration: number, advance: number): void {
    this.onEvent({ start: this.time, duration, pitches: [...this.pending] });
    if (!this.config.rests) this.time += advance;
    this.phase = 'closed';
  }

  private legal(token: ChordToken): boolean {
    const { rests, durations } = this.config;
    switch (token.kind) {
      case 'bos':
        return this.phase === 'start' && !this.begun;
      case 'eos':
        return this.phase === 'closed';
      case 'duration':
        return this.phase === 'onset';
      case 'wait':
        return rests && (this.phase === 'start' || this.phase === 'closed' || this.phase === 'fullWait');
      case 'onset':
        if (this.phase === 'closed') return durations || !rests;
        return this.phase === 'start' || this.phase === 'wait' || this.phase === 'fullWait';
    }
  }
}
