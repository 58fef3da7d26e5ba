import type { ChordConfig, Tokenizer } from '@rondo/tokenizer';
import type { PathState } from './path.js';
import type { StepRuler } from './ruler.js';

interface ChordToken {
  readonly kind: 'onset' | 'duration' | 'wait' | 'eos' | 'other';
  /** Of an onset, as they are decoded. */
  readonly pitches: readonly number[];
  readonly steps: number;
}

export interface ChordPlan {
  readonly tokens: readonly ChordToken[];
  readonly config: ChordConfig;
  readonly eos: number | undefined;
  readonly ruler: StepRuler;
  readonly onsets: readonly number[];
  /** For each set of pitches the tokens (1) all of whose pitches are in it. */
  readonly inside: Map<Uint8Array, Uint8Array>;
  /** Ids by rising length. */
  readonly durations: readonly number[];
  readonly waits: readonly number[];
  /** Quarters of a step. */
  readonly quarters: number;
}

/** The decoder's length of an onset that has none, in steps. */
const PLAIN_DURATION = 2;

/** Takes a vocabulary of the chord scheme apart; the pitches of a token are what the scheme decodes it to. */
export function chordPlan(tokenizer: Tokenizer, ruler: StepRuler, quarters: number): ChordPlan {
  const config = tokenizer.scheme.config as unknown as ChordConfig;
  const tokens = tokenizer.vocabulary.tokens.map((name): ChordToken => {
    const timed = /^(Dur|Wait)_(\d+)$/.exec(name);
    if (timed !== null) return { kind: timed[1] === 'Dur' ? 'duration' : 'wait', pitches: [], steps: Number(timed[2]) };
    if (name === 'EOS') return { kind: 'eos', pitches: [], steps: 0 };
    const sample = tokenizer.scheme.decode(config.durations ? [name, 'Dur_1'] : [name]);
    const pitches = sample.tracks.flatMap((track) => track.notes.map(({ pitch }) => pitch));
    return { kind: pitches.length > 0 ? 'onset' : 'other', pitches, steps: 0 };
  });
  const idsOf = (kind: ChordToken['kind']) =>
    tokens.flatMap((token, id) => (token.kind === kind ? [id] : [])).sort((a, b) => tokens[a].steps - tokens[b].steps);
  const onsets = idsOf('onset').sort((a, b) => tokens[a].pitches.length - tokens[b].pitches.length);
  const [durations, waits] = [idsOf('duration'), idsOf('wait')];
  return { tokens, config, eos: tokenizer.eos, ruler, onsets, durations, waits, quarters, inside: new Map() };
}

/**
 * The state after some onsets. Where the scheme tells no lengths, an onset lasts until the next one as far as the wishes
 * go: what the decoder lets sound longer is cut there, or where its chord ends.
 */
export class ChordState implements PathState {
  complete = false;
  #time = 0;
  #count = 0;
  #pending: readonly number[] = [];
  #sounding: readonly { readonly pitch: number; readonly end: number }[] = []; // single notes that sound on
  #end = 0; // of the last one
  #phase = 'start';

  constructor(private readonly plan: ChordPlan) {}

  permits(id: number): boolean {
    const { kind, steps } = this.plan.tokens[id];
    const { ruler } = this.plan;
    switch (kind) {
      case 'other':
        return this.#time === 0 && this.#count === 0;
      case 'eos':
        return ruler.limit === Infinity || this.#isWhole;
      case 'onset':
        return this.#mayStrike(id);
      case 'duration':
        return (
          this.#pending.every((pitch) => this.#time + steps <= ruler.endOf(pitch, this.#time)) && this.#mayPass(steps)
        );
      case 'wait':
        return this.#time + steps < ruler.limit && this.#barsAreFull(this.#time + steps);
    }
  }

  push(id: number): void {
    const { kind, pitches, steps } = this.plan.tokens[id];
    const { config, eos, ruler } = this.plan;
    if (kind === 'eos') this.complete = true;
    else if (kind === 'onset') {
      this.#pending = pitches;
      this.#count += pitches.length;
      if (!config.durations) this.#close(config.rests ? PLAIN_DURATION : 1);
    } else if (kind === 'duration') this.#close(steps);
    else if (kind === 'wait') {
      this.#goTo(this.#time + steps);
      this.#phase = `wait ${steps}`;
    }
    if (eos === undefined && this.#time >= ruler.limit) this.complete = true;
  }

  /** The shortest onsets that fit, and at last one that ends with the piece. */
  *exits(): Iterable<number> {
    const { plan } = this;
    const { ruler, durations, tokens } = plan;
    const room = (ruler.wishes.polyphony ?? Infinity) - this.#sounding.filter(({ end }) => end > this.#time).length;
    const onsets = room > 0 ? plan.onsets : [];
    if (plan.eos !== undefined) yield plan.eos;
    if (this.#pending.length > 0) {
      const last = durations.find((id) => this.#time + tokens[id].steps === ruler.limit);
      if (last !== undefined && (!plan.config.rests || this.#barsAreFull(ruler.limit))) yield last;
      yield* durations;
      return;
    }
    const [least] = ruler.density(this.#time);
    const needsNotes = this.#count < least || !plan.config.rests;
    if (needsNotes) yield* onsets;
    yield* this.#waits();
    if (!needsNotes) yield* onsets;
  }

  quietKey(): string | undefined {
    if (this.#pending.length > 0 || this.#sounding.some(({ end }) => end > this.#time)) return undefined;
    return `${this.#time} ${this.#count} ${this.#end >= this.#time} ${this.#phase}`;
  }

  clone(): ChordState {
    const copy = new ChordState(this.plan);
    copy.complete = this.complete;
    [copy.#time, copy.#count, copy.#pending, copy.#sounding, copy.#end] = [this.#time, this.#count, this.#pending, this.#sounding, this.#end]; // prettier-ignore
    copy.#phase = this.#phase;
    return copy;
  }

  get time(): number {
    return this.#time;
  }

  get place(): number {
    return this.plan.ruler.place(this.#time);
  }

  startTick(ticksPerQuarter: number): number {
    return this.plan.ruler.startTick(this.plan.quarters * ticksPerQuarter);
  }

  endTick(ticksPerQuarter: number): number | undefined {
    return this.plan.ruler.endTick(this.plan.quarters * ticksPerQuarter);
  }

  /** A wait from which a last onset can reach the end of the piece; else to the end of the bar, or as far as notes wait. */
  *#waits(): Iterable<number> {
    const { waits, tokens, durations, ruler, config } = this.plan;
    const lengths = new Set(config.durations ? durations.map((id) => tokens[id].steps) : [PLAIN_DURATION]);
    const missing = this.#count < ruler.density(this.#time)[0];
    if (missing) {
      yield* waits;
      return;
    }
    if (this.#barsAreFull(ruler.limit)) {
      yield* waits.filter((id) => lengths.has(ruler.limit - this.#time - tokens[id].steps));
    }
    const left = ruler.barEnd(this.#time) - this.#time;
    const inside = waits.filter((id) => tokens[id].steps <= left);
    yield* inside.reverse();
    yield* waits;
  }

  get #isWhole(): boolean {
    const { ruler, config } = this.plan;
    const end = config.rests ? this.#end : this.#time;
    if (end !== ruler.limit) return false;
    return this.#time >= end ? this.#count >= ruler.density(end - 1)[0] : this.#barsAreFull(end);
  }

  #close(steps: number): void {
    const { rests } = this.plan.config;
    const end = this.#time + steps;
    const held = this.#sounding.filter((note) => note.end > this.#time);
    this.#sounding = [...held, ...this.#pending.map((pitch) => ({ pitch, end }))];
    this.#end = Math.max(this.#end, end);
    this.#pending = [];
    this.#phase = 'closed';
    if (!rests) this.#goTo(end);
  }

  #goTo(time: number): void {
    const { ruler } = this.plan;
    if (ruler.bar(time) !== ruler.bar(this.#time) && time < ruler.limit) this.#count = 0;
    this.#time = time;
  }

  #mayStrike(id: number): boolean {
    const { ruler, config, tokens } = this.plan;
    if (this.#time >= ruler.limit || !this.#isInside(id)) return false;
    const { pitches } = tokens[id];
    const steps = !config.durations && config.rests ? PLAIN_DURATION : 1;
    if (steps > 1 && !pitches.every((pitch) => ruler.endOf(pitch, this.#time) >= this.#time + steps)) return false;
    if (this.#count + pitches.length > ruler.density(this.#time)[1]) return false;
    const sounding = this.#sounding.filter(({ end }) => end > this.#time);
    if (sounding.length + pitches.length > (ruler.wishes.polyphony ?? Infinity)) return false;
    if (sounding.some(({ pitch }) => pitches.includes(pitch))) return false;
    return config.durations || this.#mayPass(steps, pitches.length);
  }

  /** Whether all pitches of an onset may sound now. */
  #isInside(id: number): boolean {
    const { inside, tokens, ruler } = this.plan;
    const set = ruler.pitches(this.#time);
    let known = inside.get(set);
    if (known === undefined) {
      known = Uint8Array.from(tokens, ({ pitches }) => (pitches.every((pitch) => set[pitch] === 1) ? 1 : 0));
      inside.set(set, known);
    }
    return known[id] === 1;
  }

  /** Whether time may move on by `steps`, where it does so without a wait. */
  #mayPass(steps: number, added = 0): boolean {
    if (this.plan.config.rests) return this.#time + steps <= this.plan.ruler.limit;
    return this.#barsAreFull(this.#time + steps, added);
  }

  /** Whether each bar that ends by `time` has its notes. */
  #barsAreFull(time: number, added = 0): boolean {
    const { ruler } = this.plan;
    const end = ruler.barEnd(this.#time);
    if (time < end) return true;
    if (this.#count + added < ruler.density(this.#time)[0]) return false;
    for (let at = end; at + ruler.barSteps <= time; at += ruler.barSteps) if (ruler.density(at)[0] > 0) return false;
    return true;
  }
}
