import type { PerformanceConfig } from './config.js';
import { namesOf } from '../names-of.js';
import { binVelocity } from './piece.js';

export type PerformanceKind = 'on' | 'off' | 'pedalOn' | 'pedalOff' | 'shift' | 'velocity' | 'bos' | 'eos';

/** A token taken apart: `value` is a key, a number of steps, or a level of velocity; 0 for others. */
export interface PerformanceToken {
  readonly kind: PerformanceKind;
  readonly value: number;
}

/** Names of tokens and back, for one configuration. */
export class PerformanceTokens {
  private readonly known = new Map<string, PerformanceToken>([
    ['BOS', { kind: 'bos', value: 0 }],
    ['EOS', { kind: 'eos', value: 0 }],
  ]);
  /** The longest shift in steps. */
  readonly maxSteps: number;
  readonly on = namesOf((pitch) => `NoteOn_${pitch}`);
  readonly off = namesOf((pitch) => `NoteOff_${pitch}`);
  /** Named in milliseconds. */
  readonly shift = namesOf((steps) => `TimeShift_${steps * this.config.step}`);
  readonly pedalOn = 'PedalOn';
  readonly pedalOff = 'PedalOff';
  readonly velocity = namesOf((bin) => `Velocity_${binVelocity(bin, this.config)}`);

  constructor(readonly config: PerformanceConfig) {
    this.maxSteps = Math.max(1, Math.floor(config.maxShift / config.step));
    const [low, high] = config.pitchRange;
    for (let pitch = low; pitch <= high; pitch += 1) {
      this.known.set(this.on(pitch), { kind: 'on', value: pitch });
      this.known.set(this.off(pitch), { kind: 'off', value: pitch });
    }
    if (config.pedals === true) {
      this.known.set(this.pedalOn, { kind: 'pedalOn', value: 0 });
      this.known.set(this.pedalOff, { kind: 'pedalOff', value: 0 });
    }
    for (let steps = 1; steps <= this.maxSteps; steps += 1) {
      this.known.set(this.shift(steps), { kind: 'shift', value: steps });
    }
    for (let bin = 1; bin <= config.velocityBins; bin += 1) {
      this.known.set(this.velocity(bin), { kind: 'velocity', value: bin });
    }
  }

  parse(name: string): PerformanceToken | undefined {
    return this.known.get(name);
  }

  /** Every name but BOS and EOS. */
  get names(): string[] {
    return [...this.known.keys()].filter((name) => name !== 'BOS' && name !== 'EOS');
  }
}
