import type { PerformanceConfig, Tokenizer } from '@rondo/tokenizer';
import type { PathState } from './path.js';
import type { StepRuler } from './ruler.js';

interface PlayedToken {
  readonly kind: 'on' | 'off' | 'pedalOn' | 'pedalOff' | 'shift' | 'velocity' | 'eos' | 'other';
  readonly value: number;
}

export interface PerformancePlan {
  readonly tokens: readonly PlayedToken[];
  readonly config: PerformanceConfig;
  readonly eos: number;
  readonly ruler: StepRuler;
  readonly ons: Int32Array;
  readonly offs: Int32Array;
  /** -1 where the pedal has no tokens. */
  readonly pedalOff: number;
  readonly velocities: readonly number[];
  /** Ids of shifts, longest first. */
  readonly shifts: readonly number[];
}

const KINDS = {
  NoteOn: 'on',
  NoteOff: 'off',
  PedalOn: 'pedalOn',
  PedalOff: 'pedalOff',
  TimeShift: 'shift',
  Velocity: 'velocity',
  EOS: 'eos',
} as const;

/** Takes a vocabulary of the performance scheme apart. */
export function performancePlan(tokenizer: Tokenizer, ruler: StepRuler): PerformancePlan {
  const config = tokenizer.scheme.config as unknown as PerformanceConfig;
  const ons = new Int32Array(128).fill(-1);
  const offs = new Int32Array(128).fill(-1);
  const pedalOff = tokenizer.vocabulary.id('PedalOff') ?? -1;
  const tokens = tokenizer.vocabulary.tokens.map((name, id): PlayedToken => {
    const [word, rest] = name.split('_');
    const kind = KINDS[word as keyof typeof KINDS] ?? 'other';
    const value = kind === 'shift' ? Math.round(Number(rest) / config.step) : Number(rest);
    if (kind === 'on') ons[value] = id;
    if (kind === 'off') offs[value] = id;
    return { kind, value };
  });
  const idsOf = (kind: PlayedToken['kind']) =>
    tokens.flatMap((token, id) => (token.kind === kind ? [id] : [])).sort((a, b) => tokens[b].value - tokens[a].value);
  const [velocities, shifts] = [idsOf('velocity'), idsOf('shift')];
  return { tokens, config, eos: tokenizer.eos ?? -1, ruler, ons, offs, pedalOff, velocities, shifts };
}

/**
 * The state after some events. Time in the scheme's steps; `sounding` is what is down, and until when it may be. The pedal
 * comes up wherever the pitches that may sound change, as a pianist's does.
 */
export class PerformanceState implements PathState {
  complete = false;
  #time = 0;
  #count = 0;
  #velocity = -1;
  #lastOn = -1;
  #waited = -1; // id of the last wait, -1 once something happened
  #sounding = new Map<number, number>();
  #pedal: number | undefined; // until when it may be down; undefined while it is up

  constructor(private readonly plan: PerformancePlan) {}

  permits(id: number): boolean {
    const { kind, value } = this.plan.tokens[id];
    const { ruler } = this.plan;
    switch (kind) {
      case 'other':
        return this.#time === 0 && this.#sounding.size === 0;
      case 'eos':
        return ruler.limit === Infinity || this.#time === ruler.limit;
      case 'shift':
        return this.#mayWait(value);
      case 'off':
        return this.#sounding.has(value);
      case 'pedalOn':
        return this.#time < ruler.limit && this.plan.pedalOff >= 0;
      case 'pedalOff':
        return this.#pedal !== undefined;
      case 'velocity':
        return this.#mayStrike();
      case 'on':
        return this.#mayStrike() && ruler.endOf(value, this.#time) > this.#time && this.plan.offs[value] >= 0;
    }
  }

  push(id: number): void {
    const { kind, value } = this.plan.tokens[id];
    if (kind === 'eos') this.complete = true;
    this.#waited = kind === 'shift' ? id : -1;
    if (kind === 'shift') this.#wait(value);
    else if (kind === 'off') this.#sounding.delete(value);
    else if (kind === 'pedalOn') this.#pedal = this.plan.ruler.stretchEnd(this.#time);
    else if (kind === 'pedalOff') this.#pedal = undefined;
    else if (kind === 'velocity') this.#velocity = id;
    else if (kind === 'on') {
      this.#sounding.set(value, this.plan.ruler.endOf(value, this.#time));
      this.#lastOn = value;
      this.#count++;
    }
  }

  /** Keys that must go up, then those that the bar still needs, then to the end of the bar or the piece. */
  *exits(): Iterable<number> {
    const { plan } = this;
    const { ruler, ons, offs } = plan;
    yield plan.eos;
    const atEnd = this.#time === ruler.limit;
    for (const pitch of [...this.#sounding.keys()].sort((a, b) => a - b)) {
      if (atEnd || this.#isOver(this.#sounding.get(pitch))) yield offs[pitch];
    }
    if (atEnd || this.#isOver(this.#pedal) || ruler.limit === Infinity) yield plan.pedalOff;
    if (atEnd) return;
    const missing = this.#count < ruler.density(this.#time)[0];
    const wanted = missing || this.#sounding.size === 0 || ruler.limit === Infinity;
    if (wanted) yield* this.#strikes();
    for (const shift of this.#shifts(missing)) yield shift;
    // After a shorter wait something has to happen.
    yield* this.#strikes();
    for (const pitch of [...this.#sounding.keys()].sort((a, b) => a - b)) yield offs[pitch];
    for (let pitch = 0; pitch < 128; pitch++) yield ons[pitch];
  }

  quietKey(): string | undefined {
    if (this.#lastOn >= 0 || this.#sounding.size > 0) return undefined;
    return `${this.#time} ${this.#count} ${this.#velocity >= 0} ${this.#waited} ${this.#pedal}`;
  }

  clone(): PerformanceState {
    const copy = new PerformanceState(this.plan);
    copy.complete = this.complete;
    [copy.#time, copy.#count, copy.#velocity, copy.#lastOn] = [this.#time, this.#count, this.#velocity, this.#lastOn];
    copy.#sounding = new Map(this.#sounding);
    copy.#waited = this.#waited;
    copy.#pedal = this.#pedal;
    return copy;
  }

  get time(): number {
    return this.#time;
  }

  get place(): number {
    return this.plan.ruler.place(this.#time);
  }

  startTick(ticksPerQuarter: number): number {
    return this.plan.ruler.startTick(this.plan.config.step * ticksPerQuarter, 500);
  }

  endTick(ticksPerQuarter: number): number | undefined {
    return this.plan.ruler.endTick(this.plan.config.step * ticksPerQuarter, 500);
  }

  *#strikes(): Iterable<number> {
    const { velocities, ons, config } = this.plan;
    if (config.velocityBins > 0 && this.#velocity < 0) yield* velocities;
    for (let pitch = this.#lastOn + 1; pitch < 128; pitch++) if (!this.#sounding.has(pitch)) yield ons[pitch];
  }

  /** The wait that reaches a border, or the longest. */
  *#shifts(soon: boolean): Iterable<number> {
    const { shifts, tokens, ruler } = this.plan;
    const border = Math.min(ruler.limit, ruler.law.changes || soon ? ruler.barEnd(this.#time) : Infinity);
    const left = border - this.#time;
    if (soon) yield* [...shifts].reverse();
    const exact = shifts.find((id) => tokens[id].value === left);
    if (exact !== undefined) yield exact;
    yield* shifts;
  }

  #wait(steps: number): void {
    const { ruler } = this.plan;
    const bar = ruler.bar(this.#time);
    this.#time += steps;
    this.#lastOn = -1;
    if (ruler.bar(this.#time) !== bar) this.#count = 0;
  }

  /** Whether a key, or the pedal, that may be down until then has to go up before anything else. */
  #isOver(end: number | undefined): boolean {
    return (end ?? Infinity) <= this.#time;
  }

  /** Until when what is down may be. */
  get #ends(): (number | undefined)[] {
    return [...this.#sounding.values(), this.#pedal];
  }

  #mayStrike(): boolean {
    const { ruler } = this.plan;
    if (this.#time >= ruler.limit || this.#ends.some((end) => this.#isOver(end))) return false;
    return this.#sounding.size < (ruler.wishes.polyphony ?? Infinity) && this.#count < ruler.density(this.#time)[1];
  }

  #mayWait(steps: number): boolean {
    const { ruler } = this.plan;
    const then = this.#time + steps;
    if (then > ruler.limit || this.#ends.some((end = Infinity) => end < then || this.#isOver(end))) return false;
    // At the end the last key goes up, or the pedal.
    if (then === ruler.limit && this.#sounding.size === 0 && this.#pedal === undefined) return false;
    const barEnd = ruler.barEnd(this.#time);
    if (then > barEnd && this.#leavesShort(barEnd, then)) return false;
    return then < barEnd || this.#count >= ruler.density(this.#time)[0];
  }

  /** Whether a wait over several bars leaves one of them with too few notes. */
  #leavesShort(from: number, to: number): boolean {
    const { ruler } = this.plan;
    for (let at = from; at + ruler.barSteps <= to; at += ruler.barSteps) if (ruler.density(at)[0] > 0) return true;
    return false;
  }
}
