import type { PerformanceConfig } from './config.js';
import { velocityBin, type PlayedNote } from './piece.js';
import type { PerformanceKind, PerformanceToken } from './tokens.js';

/** What the last accepted token was; `start` before the first one. */
export type Phase = 'start' | Exclude<PerformanceKind, 'bos' | 'eos'> | 'end';

/**
 * The state after reading some events. `read` takes any token: letting go of a key that does not sound says nothing, a
 * key that is struck while it sounds starts a new note, and a note that ends at once lasts one step.
 * What is *legal* is narrower: see `PerformanceGrammar`.
 */
export class PerformanceReader {
  phase: Phase = 'start';
  begun = false;
  /** Steps of the last shift. */
  shifted = 0;
  /** Level of velocity, 0 before the first one. */
  velocity = 0;
  /** Key that was struck last at this moment, -1 if none. */
  lastOn = -1;
  /** Key that was let go last at this moment, -1 if none. */
  lastOff = -1;
  readonly sounding: Map<number, { start: number; velocity: number }>;
  private time = 0;

  constructor(
    private readonly config: PerformanceConfig,
    private readonly onNote: (note: PlayedNote) => void = () => undefined,
    sounding: ReadonlyMap<number, { start: number; velocity: number }> = new Map(),
  ) {
    this.sounding = new Map(sounding);
  }

  clone(): PerformanceReader {
    const { phase, begun, shifted, velocity, lastOn, lastOff, time } = this;
    const copy = new PerformanceReader(this.config, undefined, this.sounding);
    return Object.assign(copy, { phase, begun, shifted, velocity, lastOn, lastOff, time });
  }

  read({ kind, value }: PerformanceToken): void {
    if (this.phase === 'end') return;
    switch (kind) {
      case 'bos':
        this.begun ||= this.phase === 'start';
        return;
      case 'eos':
        this.phase = 'end';
        return;
      case 'shift':
        this.time += value;
        [this.shifted, this.lastOn, this.lastOff] = [value, -1, -1];
        break;
      case 'velocity':
        this.velocity = value;
        break;
      case 'on':
        this.strike(value);
        break;
      case 'off':
        if (!this.letGo(value)) return;
        this.lastOff = value;
        break;
    }
    this.phase = kind;
  }

  /** Ends what still sounds, at the present moment. */
  finish(): void {
    for (const pitch of [...this.sounding.keys()]) this.letGo(pitch);
  }

  private strike(pitch: number): void {
    this.lastOn = pitch;
    const before = this.sounding.get(pitch);
    if (before?.start === this.time) return;
    this.letGo(pitch);
    const velocity = this.velocity > 0 ? this.velocity : velocityBin(80, this.config);
    this.sounding.set(pitch, { start: this.time, velocity });
  }

  private letGo(pitch: number): boolean {
    const note = this.sounding.get(pitch);
    if (note === undefined) return false;
    this.sounding.delete(pitch);
    this.onNote({ ...note, end: Math.max(note.start + 1, this.time), pitch });
    return true;
  }
}
