import { densityOf, PitchLaw, type Wishes } from './wishes.js';

/** The longest stretch that is looked ahead for the end of a note, in steps. */
const FARTHEST = 100_000;

/**
 * The wishes on a clock of equal steps, for schemes whose bars are all alike. Steps count from the start of the piece;
 * the new music's bar 0 begins at `first`.
 */
export class StepRuler {
  readonly law: PitchLaw;
  /** The step at which the piece is over; Infinity where no end was asked for. */
  readonly limit: number;

  constructor(
    readonly wishes: Wishes,
    readonly barSteps: number,
    readonly first: number,
    readonly bars: number | undefined,
    steps: number | undefined = bars === undefined ? undefined : bars * barSteps,
  ) {
    this.law = new PitchLaw(wishes);
    this.limit = steps === undefined ? Infinity : first + steps;
  }

  /** Number of the new bar that a step lies in; negative before the first. */
  bar(step: number): number {
    return Math.floor((step - this.first) / this.barSteps);
  }

  /** How much of the new music is over at a step: 0..1, 0 without an end. */
  place(step: number): number {
    return (step - this.first) / (this.limit - this.first);
  }

  /** Where the new music begins, in ticks, when so many steps (one by default) have so many ticks. */
  startTick(ticks: number, steps = 1): number {
    return (this.first * ticks) / steps;
  }

  /** Where it ends; undefined without an end. */
  endTick(ticks: number, steps = 1): number | undefined {
    return this.limit === Infinity ? undefined : (this.limit * ticks) / steps;
  }

  barEnd(step: number): number {
    return this.first + (this.bar(step) + 1) * this.barSteps;
  }

  /** Pitches that may sound at a step. */
  pitches(step: number): Uint8Array {
    return this.law.at(this.bar(step), this.#offset(step), this.barSteps);
  }

  /** The first step from `step` on at which the pitch may not sound; never beyond the end of the piece. */
  endOf(pitch: number, step: number): number {
    if (!this.law.changes) return this.pitches(step)[pitch] === 1 ? this.limit : step;
    let at = step;
    while (at < this.limit && at < step + FARTHEST && this.pitches(at)[pitch] === 1) {
      at = this.stretchEnd(at);
    }
    return Math.min(at, this.limit);
  }

  /** Up to where the same pitches may sound as at a step: so far a pedal that is down spoils nothing. */
  stretchEnd(step: number): number {
    if (!this.law.changes) return this.limit;
    const stretch = this.law.stretchEnd(this.bar(step), this.#offset(step), this.barSteps) - this.#offset(step);
    return Math.min(step + stretch, this.limit);
  }

  /** Least and most notes of the bar of a step. */
  density(step: number): readonly [number, number] {
    const bounds = this.bars === undefined ? undefined : densityOf(this.wishes, this.bar(step), this.bars);
    if (bounds === undefined) return [0, Infinity];
    return this.barEnd(step) > this.limit ? [0, bounds[1]] : bounds; // a bar that is cut short need not be full
  }

  #offset(step: number): number {
    return step - this.first - this.bar(step) * this.barSteps;
  }
}
