import type { RemiConfig } from './config.js';

/** Drums sort behind the 128 programs. Token names call them program -1, as MidiTok does. */
export const DRUM_GROUP = 128;
/** Velocity of a note whose tokens do not give one. */
export const DEFAULT_VELOCITY = 80;

const TEMPO_LOWEST = 30;
const TEMPO_STEPS_PER_OCTAVE = 12; // 6 % apart: about the least change that is heard
const TEMPO_BINS = 37; // 30 to 240 quarters a minute
const FINE_QUARTERS = 4; // notes up to here keep the full resolution

/** A meter and the length of its bar in positions. */
export interface Meter {
  readonly numerator: number;
  readonly denominator: number;
  readonly length: number;
}

/**
 * The arithmetic of one configuration. A *position* is the unit of time of the scheme:
 * `positionsPerQuarter` to a quarter, counted from the start of the bar or of the piece.
 */
export class RemiLayout {
  readonly resolution: number;
  readonly ticksPerQuarter: number;
  readonly ticksPerPosition: number;
  /** The finest denominator whose note value is a whole number of positions. */
  readonly finestDenominator: number;
  /** Positions of that note value: every bar length is a multiple of it. */
  readonly meterUnit: number;
  readonly maxPositions: number;
  private readonly coarse: number;

  constructor(readonly config: RemiConfig) {
    this.resolution = config.positionsPerQuarter;
    this.ticksPerPosition = Math.ceil(480 / this.resolution); // at least MIDI's customary 480 to a quarter
    this.ticksPerQuarter = this.ticksPerPosition * this.resolution;
    const whole = 4 * this.resolution;
    this.finestDenominator = Math.min(64, whole & -whole);
    this.meterUnit = whole / this.finestDenominator;
    this.maxPositions = config.maxDuration * this.resolution;
    this.coarse =
      this.resolution % 4 === 0
        ? this.resolution / 4
        : this.resolution % 2 === 0
          ? this.resolution / 2
          : this.resolution;
  }

  /** Nearest position of a tick of a score with `ticksPerQuarter`. */
  position(tick: number, ticksPerQuarter: number): number {
    return Math.round((tick * this.resolution) / ticksPerQuarter);
  }

  /** Bar of a meter, or undefined where the grid cannot hold it exactly. */
  meter(numerator: number, denominator: number): Meter | undefined {
    if (!Number.isInteger(Math.log2(denominator)) || denominator > this.finestDenominator) return undefined;
    if (numerator < 1 || numerator > 255) return undefined;
    return { numerator, denominator, length: (numerator * 4 * this.resolution) / denominator };
  }

  /** The nearest meter that the grid can hold. */
  nearestMeter(numerator: number, denominator: number): Meter {
    return this.meter(numerator, denominator) ?? this.meterOfLength((numerator * 4 * this.resolution) / denominator);
  }

  /** The meter of a (cut) bar of about `length` positions, in the largest note value down from quarters. */
  meterOfLength(length: number): Meter {
    let numerator = Math.min(255, Math.max(1, Math.round(length / this.meterUnit)));
    let denominator = this.finestDenominator;
    while (numerator % 2 === 0 && denominator > 4) {
      numerator /= 2;
      denominator /= 2;
    }
    return { numerator, denominator, length: (numerator * 4 * this.resolution) / denominator };
  }

  /** Length of a note in positions, at the resolution that notes of its length have. */
  duration(positions: number): number {
    const wanted = Math.min(this.maxPositions, Math.max(1, positions));
    return wanted <= FINE_QUARTERS * this.resolution
      ? wanted
      : this.snap(Math.round(wanted / this.coarse) * this.coarse);
  }

  /** The longest allowed length that does not exceed `positions`. */
  durationWithin(positions: number): number {
    return this.snap(Math.min(this.maxPositions, positions));
  }

  private snap(positions: number): number {
    if (positions <= FINE_QUARTERS * this.resolution) return positions;
    return Math.min(this.maxPositions, Math.floor(positions / this.coarse) * this.coarse);
  }

  /** Name of a length: whole quarters, steps beyond them, steps to a quarter. */
  durationName(positions: number): string {
    const fine = positions <= FINE_QUARTERS * this.resolution;
    const step = fine ? 1 : this.coarse;
    const perQuarter = this.resolution / step;
    const steps = positions / step;
    return `${Math.floor(steps / perQuarter)}.${steps % perQuarter}.${perQuarter}`;
  }

  velocityBin(velocity: number): number {
    const bins = this.config.velocityBins;
    return Math.min(bins, Math.max(1, Math.round((velocity * bins) / 127)));
  }

  /** Velocity of level `bin` (1 … velocityBins). */
  velocity(bin: number): number {
    return this.config.velocityBins === 0
      ? DEFAULT_VELOCITY
      : Math.max(1, Math.round((bin * 127) / this.config.velocityBins));
  }

  tempoBin(microsecondsPerQuarter: number): number {
    const octaves = Math.log2(60e6 / microsecondsPerQuarter / TEMPO_LOWEST);
    return Math.min(TEMPO_BINS - 1, Math.max(0, Math.round(octaves * TEMPO_STEPS_PER_OCTAVE)));
  }

  /** Quarters a minute of a tempo step, to two decimals. */
  tempo(bin: number): number {
    return Math.round(100 * TEMPO_LOWEST * 2 ** (bin / TEMPO_STEPS_PER_OCTAVE)) / 100;
  }

  get tempoBins(): number {
    return TEMPO_BINS;
  }
}
