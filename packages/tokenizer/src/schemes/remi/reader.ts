import { DEFAULT_VELOCITY, DRUM_GROUP, type Meter, type RemiLayout } from './layout.js';
import type { Bar, GridNote, GridPedal } from './piece.js';
import { Kind, type RemiToken } from './tokens.js';

/** What the last accepted token was, as far as the next one depends on it. */
export type RemiPhase =
  | 'start'
  | 'bar'
  | 'meter'
  | 'position'
  | 'tempo'
  | 'program'
  | 'pedal'
  | 'pitch'
  | 'velocity'
  | 'note'
  | 'end';

/** Receives what the reader understands. */
export interface ReaderSink {
  bar?(bar: Bar): void;
  tempo?(position: number, bin: number): void;
  note?(note: GridNote): void;
  pedal?(pedal: GridPedal): void;
}

/**
 * The state after reading some tokens. `read` takes any token: an illegal one is skipped, except that the start of
 * something new gives up a half-spelled note, and that notes before any Bar or Position open them.
 * What is *legal* is narrower: see `RemiGrammar`.
 */
export class RemiReader {
  phase: RemiPhase = 'start';
  begun = false;
  meter: Meter;
  barStart = -1;
  /** Position in the bar, -1 before the first one of a bar. */
  position = -1;
  /** Current program, -1 before the first one. */
  group = -1;
  /** Pitch of the last note of this position and group. */
  pitch = -1;
  tempoBin = -1;
  /** Whether there was a note: a piece of pedals alone is none. */
  sounds = false;
  private velocity = 0;

  constructor(
    private readonly layout: RemiLayout,
    private readonly sink: ReaderSink = {},
  ) {
    this.meter = layout.nearestMeter(4, 4);
  }

  clone(): RemiReader {
    const copy = new RemiReader(this.layout);
    const { phase, begun, meter, barStart, position, group, pitch, tempoBin, sounds, velocity } = this;
    return Object.assign(copy, { phase, begun, meter, barStart, position, group, pitch, tempoBin, sounds, velocity });
  }

  read(token: RemiToken): void {
    if (this.phase === 'end') return;
    switch (token.kind) {
      case Kind.Bos:
        this.begun ||= this.phase === 'start';
        break;
      case Kind.Eos:
        this.phase = 'end';
        break;
      case Kind.Bar:
        this.readBar();
        break;
      case Kind.TimeSig:
        this.readMeter(token);
        break;
      case Kind.Position:
        this.readPosition(token.value);
        break;
      case Kind.Tempo:
        this.readTempo(token.value);
        break;
      case Kind.Program:
        this.readProgram(token.value);
        break;
      case Kind.Pedal:
        this.readPedal(token.value);
        break;
      case Kind.Pitch:
      case Kind.PitchDrum:
        this.readPitch(token);
        break;
      case Kind.Velocity:
        if (this.phase === 'pitch') [this.velocity, this.phase] = [token.value, 'velocity'];
        break;
      case Kind.Duration:
        this.readDuration(token.value);
        break;
    }
  }

  private readBar(): void {
    this.barStart = this.barStart < 0 ? 0 : this.barStart + this.meter.length;
    this.position = -1;
    this.phase = 'bar';
    this.sink.bar?.({ ...this.meter, start: this.barStart });
  }

  private readMeter(token: RemiToken): void {
    const meter = this.layout.meter(token.value, token.denominator);
    if (this.phase !== 'bar' || meter === undefined) return;
    this.meter = meter;
    this.phase = 'meter';
    this.sink.bar?.({ ...meter, start: this.barStart });
  }

  private readPosition(position: number): void {
    if (this.barStart < 0) this.readBar();
    if (position <= this.position || position >= this.meter.length) return;
    this.position = position;
    this.pitch = -1;
    this.phase = 'position';
  }

  private readTempo(bin: number): void {
    if (this.phase !== 'position') return;
    this.tempoBin = bin;
    this.phase = 'tempo';
    this.sink.tempo?.(this.barStart + this.position, bin);
  }

  private readProgram(group: number): void {
    if (this.position < 0) this.readPosition(0);
    this.group = group;
    this.pitch = -1;
    this.phase = 'program';
  }

  private readPedal(duration: number): void {
    if (!this.layout.config.programs || this.group < 0) this.group = 0;
    if (this.group === DRUM_GROUP) return;
    if (this.position < 0) this.readPosition(0);
    this.phase = 'pedal';
    this.sink.pedal?.({ position: this.barStart + this.position, group: this.group, duration });
  }

  private readPitch(token: RemiToken): void {
    const drum = token.kind === Kind.PitchDrum;
    const group = drum ? DRUM_GROUP : 0;
    const { programs } = this.layout.config;
    if (programs && this.group >= 0 && drum !== (this.group === DRUM_GROUP)) return;
    if (this.position < 0) this.readPosition(0);
    if (!programs || this.group < 0) this.group = group;
    this.pitch = token.value;
    this.velocity = this.layout.velocityBin(DEFAULT_VELOCITY);
    this.phase = 'pitch';
  }

  private readDuration(duration: number): void {
    if (this.phase !== 'pitch' && this.phase !== 'velocity') return;
    this.phase = 'note';
    this.sounds = true;
    const { group, pitch, velocity } = this;
    this.sink.note?.({ position: this.barStart + this.position, group, pitch, velocity, duration });
  }
}
