import type { Grammar } from '../scheme.js';
import { PerformanceReader } from './reader.js';
import type { PerformanceToken, PerformanceTokens } from './tokens.js';

/**
 * Exactly what the encoder writes: at each moment keys that are let go, then the pedal, then (each after its velocity,
 * where that changes) keys that are struck, both rising; waits as longest shifts and a rest. Only keys that sound are let
 * go, only keys that do not are struck, and the piece ends when the last one was let go and the pedal is up: no note hangs.
 */
export class PerformanceGrammar implements Grammar {
  constructor(
    private readonly names: PerformanceTokens,
    private readonly reader = new PerformanceReader(names.config),
  ) {}

  allows(name: string): boolean {
    const token = this.names.parse(name);
    return token !== undefined && this.legal(token);
  }

  push(name: string): void {
    const token = this.names.parse(name);
    if (token !== undefined) this.reader.read(token);
  }

  clone(): PerformanceGrammar {
    return new PerformanceGrammar(this.names, this.reader.clone());
  }

  stateKey(): string {
    const { phase, begun, velocity, lastOn, lastOff, sounding, pedalIsDown, struck } = this.reader;
    if (phase === 'end') return phase;
    const last = phase === 'start' ? begun : phase === 'shift' ? this.mayGoOnShifting() : lastOff;
    const keys = [...sounding.keys()].sort((a, b) => a - b).join(',');
    return `${phase} ${last} ${velocity} ${lastOn} ${pedalIsDown} ${struck} ${keys}`;
  }

  private legal({ kind, value }: PerformanceToken): boolean {
    const { phase, begun, velocity, lastOn, lastOff, sounding, pedalIsDown } = this.reader;
    switch (kind) {
      case 'bos':
        return phase === 'start' && !begun;
      case 'eos':
        return this.mayEnd();
      case 'shift':
        return phase === 'shift' ? this.mayGoOnShifting() : phase !== 'velocity' && phase !== 'end';
      case 'off':
        return (phase === 'shift' || phase === 'off') && value > lastOff && sounding.has(value);
      case 'pedalOff':
        return pedalIsDown && (phase === 'shift' || phase === 'off');
      case 'pedalOn':
        return !pedalIsDown && !this.isStriking() && phase !== 'end';
      case 'velocity':
        return phase !== 'velocity' && phase !== 'end' && value !== velocity && this.someKeyIsFree();
      case 'on':
        return phase !== 'end' && this.knowsVelocity() && value > lastOn && !sounding.has(value);
    }
  }

  private mayEnd(): boolean {
    const { phase, sounding, pedalIsDown, struck } = this.reader;
    return struck && (phase === 'off' || phase === 'pedalOff') && sounding.size === 0 && !pedalIsDown;
  }

  /** Whether keys are being struck at this moment: nothing else comes then. */
  private isStriking(): boolean {
    return this.reader.phase === 'velocity' || this.reader.phase === 'on';
  }

  /** A wait is spelt with longest shifts first: after a shorter one it is over. */
  private mayGoOnShifting(): boolean {
    return this.reader.shifted === this.names.maxSteps;
  }

  private knowsVelocity(): boolean {
    return this.names.config.velocityBins === 0 || this.reader.velocity > 0;
  }

  /** Whether a key may still be struck at this moment: a velocity that nothing follows would be a dead end. */
  private someKeyIsFree(): boolean {
    const [low, high] = this.names.config.pitchRange;
    for (let pitch = Math.max(low, this.reader.lastOn + 1); pitch <= high; pitch += 1) {
      if (!this.reader.sounding.has(pitch)) return true;
    }
    return false;
  }
}
