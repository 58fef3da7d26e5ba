import type { PerformanceConfig } from './config.js';
import { velocityBin, type PlayedNote, type PlayedPedal } from './piece.js';
import type { PerformanceKind, PerformanceToken } from './tokens.js';

/** What the last accepted token was; `start` before the first one. */
export type Phase = 'start' | Exclude<PerformanceKind, 'bos' | 'eos'> | 'end';

/** Takes what was read, each when it ends. */
export interface PerformanceSink {
  note?(note: PlayedNote): void;
  pedal?(pedal: PlayedPedal): void;
}

/**
 * The state after reading some events. `read` takes any token: letting go of a key that does not sound says nothing, a
 * key that is struck while it sounds starts a new note, and a note that ends at once lasts one step; a pedal that is down
 * does not go down again, and one that comes up at once never was down.
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
  /** Whether there was a note: a piece of pedals alone is none. */
  struck = false;
  readonly sounding: Map<number, { start: number; velocity: number }>;
  /** Step at which the pedal went down, -1 while it is up. */
  private pedalSince = -1;
  private time = 0;

  constructor(
    private readonly config: PerformanceConfig,
    private readonly sink: PerformanceSink = {},
    sounding: ReadonlyMap<number, { start: number; velocity: number }> = new Map(),
  ) {
    this.sounding = new Map(sounding);
  }

  clone(): PerformanceReader {
    const { phase, begun, shifted, velocity, lastOn, lastOff, struck, pedalSince, time } = this;
    const copy = new PerformanceReader(this.config, undefined, this.sounding);
    return Object.assign(copy, { phase, begun, shifted, velocity, lastOn, lastOff, struck, pedalSince, time });
  }

  get pedalIsDown(): boolean {
    return this.pedalSince >= 0;
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
      case 'pedalOn':
        if (this.pedalIsDown) return;
        this.pedalSince = this.time;
        break;
      case 'pedalOff':
        if (!this.pedalIsDown) return;
        this.liftPedal();
        break;
    }
    this.phase = kind;
  }

  /** Ends what still sounds, at the present moment. */
  finish(): void {
    this.liftPedal();
    for (const pitch of [...this.sounding.keys()]) this.letGo(pitch);
  }

  private strike(pitch: number): void {
    this.lastOn = pitch;
    this.struck = true;
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
    this.sink.note?.({ ...note, end: Math.max(note.start + 1, this.time), pitch });
    return true;
  }

  private liftPedal(): void {
    const { pedalSince: start, time: end } = this;
    this.pedalSince = -1;
    if (start >= 0 && end > start) this.sink.pedal?.({ start, end });
  }
}
