import { namesOf } from '../names-of.js';
import { DRUM_GROUP, type RemiLayout } from './layout.js';

/** Kinds of tokens, as small integers because masks compare them for every id. */
export const Kind = {
  Bar: 0,
  TimeSig: 1,
  Position: 2,
  Tempo: 3,
  Program: 4,
  Pitch: 5,
  PitchDrum: 6,
  Velocity: 7,
  Duration: 8,
  Bos: 9,
  Eos: 10,
  Pedal: 11,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A token taken apart. `value` is what the name says; `denominator` is set for time signatures only. */
export interface RemiToken {
  readonly kind: Kind;
  readonly value: number;
  readonly denominator: number;
}

/** Names of tokens and back, for one layout. Every name that it reads is one that it can write. */
export class RemiTokens {
  private readonly known = new Map<string, RemiToken>();

  readonly position = namesOf((position) => `Position_${position}`);
  readonly pitch = namesOf((pitch) => `Pitch_${pitch}`);
  readonly drum = namesOf((pitch) => `PitchDrum_${pitch}`);
  readonly velocity = namesOf((bin) => `Velocity_${this.layout.velocity(bin)}`);
  readonly tempo = namesOf((bin) => `Tempo_${this.layout.tempo(bin)}`);
  readonly program = namesOf((group) => `Program_${group === DRUM_GROUP ? -1 : group}`);
  readonly duration = namesOf((positions) => `Duration_${this.layout.durationName(positions)}`);
  readonly pedal = namesOf((positions) => `Pedal_${this.layout.durationName(positions)}`);

  constructor(private readonly layout: RemiLayout) {
    const { config } = layout;
    this.add('Bar', Kind.Bar, 0);
    this.add('BOS', Kind.Bos, 0);
    this.add('EOS', Kind.Eos, 0);
    const [low, high] = config.pitchRange;
    for (let pitch = low; pitch <= high; pitch += 1) this.add(this.pitch(pitch), Kind.Pitch, pitch);
    for (let pitch = 0; config.drums && pitch < 128; pitch += 1) this.add(this.drum(pitch), Kind.PitchDrum, pitch);
    for (let bin = 1; bin <= config.velocityBins; bin += 1) this.add(this.velocity(bin), Kind.Velocity, bin);
    for (let bin = 0; config.tempo && bin < layout.tempoBins; bin += 1) this.add(this.tempo(bin), Kind.Tempo, bin);
    for (let group = 0; config.programs && group < 128; group += 1) this.add(this.program(group), Kind.Program, group);
    if (config.programs && config.drums) this.add(this.program(DRUM_GROUP), Kind.Program, DRUM_GROUP);
    for (let length = 1; length <= layout.maxPositions; length += 1) {
      if (layout.duration(length) !== length) continue;
      this.add(this.duration(length), Kind.Duration, length);
      if (config.pedals === true) this.add(this.pedal(length), Kind.Pedal, length);
    }
  }

  private add(name: string, kind: Kind, value: number, denominator = 0): RemiToken {
    const token = { kind, value, denominator };
    this.known.set(name, token);
    return token;
  }

  /** The token of a name, or undefined for what this configuration never writes. */
  parse(name: string): RemiToken | undefined {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const position = /^Position_(0|[1-9]\d{0,5})$/.exec(name);
    if (position !== null) return this.add(name, Kind.Position, Number(position[1]));
    const meter = /^TimeSig_([1-9]\d{0,2})\/([1-9]\d?)$/.exec(name);
    if (meter === null || !this.layout.config.timeSignatures) return undefined;
    const [numerator, denominator] = [Number(meter[1]), Number(meter[2])];
    if (this.layout.meter(numerator, denominator) === undefined) return undefined;
    return this.add(name, Kind.TimeSig, numerator, denominator);
  }
}
