import type { RemiPhase } from '@rondo/tokenizer';
import { DRUMS } from '../instruments.js';
import type { PathState } from '../path.js';
import { LOWER_VOICES } from '../satb.js';
import { heardAfter } from './ensemble.js';
import { exits } from './exits.js';
import type { ForcedNote, RemiPlan } from './plan.js';
import { mayEnd, permits, requiredMeter, requiredTempo } from './rules.js';

/** A key that is down: `key` is group · 128 + pitch. */
export interface Sounding {
  readonly key: number;
  readonly end: number;
  /** Given, and so no matter of the wishes. */
  readonly forced: boolean;
}

/** A lower voice of a four-part setting: what it sings, and until when. */
export interface VoicePart {
  readonly pitch: number;
  readonly end: number;
}

/** The state after some remi tokens, as far as wishes need it. Times in positions from the start of the piece. */
export class RemiState implements PathState {
  phase: RemiPhase = 'start';
  bar = -1;
  barStart = 0;
  barLength: number;
  meter = -1; // id of the meter in force, -1 before the first
  tempo = -1; // id of the tempo in force
  offset = -1; // position in the bar
  group = -1;
  pitch = -1;
  /** Ends of the last bar by number; known from the start, or (for a length in seconds) once meter and tempo are. */
  lastBar: number | undefined;
  /** Notes of this bar that were not given. */
  count = 0;
  /** Where the last note ends. */
  end = 0;
  /** Index of the next forced note. */
  next = 0;
  /** Where the first new bar begins. */
  newStart = 0;
  sounding: readonly Sounding[] = [];
  /** For each instrument that has to play the bar of its last new note; before the first of them, the bar before it. */
  heard: readonly number[];
  voices: readonly VoicePart[];
  voice = -1; // of the note that is being spelt

  constructor(readonly plan: RemiPlan) {
    this.barLength = 4 * plan.vocabulary.config.positionsPerQuarter;
    this.lastBar = plan.lastBar;
    this.heard = plan.players.map(() => plan.firstBar - 1);
    const start = plan.satb?.start ?? 0;
    this.voices =
      plan.satb === undefined ? [] : Array.from({ length: LOWER_VOICES }, () => ({ pitch: -1, end: start }));
  }

  /** The present position from the start of the piece. */
  get at(): number {
    return this.barStart + Math.max(0, this.offset);
  }

  /** Where the piece is over. */
  get limit(): number {
    return this.lastBar === undefined ? Infinity : this.barStart + (this.lastBar - this.bar + 1) * this.barLength;
  }

  /** The forced note that comes next, if it begins here. */
  get due(): ForcedNote | undefined {
    const note = this.upcoming;
    return note?.at === this.at && this.offset >= 0 ? note : undefined;
  }

  get upcoming(): ForcedNote | undefined {
    return this.plan.script?.notes[this.next];
  }

  /** Whether the pitch that is being spelt is the forced one. */
  get spellsForced(): boolean {
    const due = this.due;
    return due !== undefined && due.group === this.group && due.pitch === this.pitch;
  }

  get complete(): boolean {
    return this.phase === 'end';
  }

  get isNew(): boolean {
    return this.bar >= this.plan.firstBar;
  }

  /** Number of the bar among the new ones. */
  get newBar(): number {
    return this.bar - this.plan.firstBar;
  }

  permits(id: number): boolean {
    return permits(this, id);
  }

  exits(): Iterable<number> {
    return exits(this);
  }

  get mayEnd(): boolean {
    return mayEnd(this);
  }

  clone(): RemiState {
    return Object.assign(new RemiState(this.plan), this);
  }

  quietKey(): string | undefined {
    const { barStart, group, next, voices, phase, plan } = this;
    if (plan.satb !== undefined) {
      const [{ end }] = voices;
      if (phase !== 'note' || voices.some((voice) => voice.end !== end)) return undefined;
      return `${this.at} ${end} ${next} ${group} ${this.pitch}`;
    }
    if (phase !== 'bar') return undefined;
    const held = this.sounding.filter((note) => !note.forced && note.end > barStart);
    const keys = held.map((note) => `${note.key}:${note.end}`).sort();
    return `${this.bar} ${barStart} ${group} ${this.meter} ${this.tempo} ${this.lastBar} ${next} ${keys.join()} ${this.heard.join()}`;
  }

  get place(): number {
    if (this.lastBar === undefined) return 0;
    const { newBar, offset, barLength, lastBar, plan } = this;
    return (newBar + Math.max(0, offset) / barLength) / (lastBar - plan.firstBar + 1);
  }

  endTick(ticksPerQuarter: number): number | undefined {
    return Number.isFinite(this.limit) ? this.#ticks(this.limit, ticksPerQuarter) : undefined;
  }

  startTick(ticksPerQuarter: number): number {
    return this.#ticks(this.newStart, ticksPerQuarter);
  }

  #ticks(positions: number, ticksPerQuarter: number): number {
    return (positions * ticksPerQuarter) / this.plan.vocabulary.config.positionsPerQuarter;
  }

  push(id: number): void {
    const { kind, value, denominator } = this.plan.vocabulary.tokens[id];
    switch (kind) {
      case 'bar':
        return this.#openBar();
      case 'meter':
        this.meter = id;
        this.barLength = this.plan.vocabulary.barLength({ value, denominator });
        this.phase = 'meter';
        return this.#decideLength();
      case 'position':
        [this.offset, this.pitch, this.phase] = [value, -1, 'position'];
        this.sounding = this.sounding.filter(({ end }) => end > this.at);
        return;
      case 'tempo':
        [this.tempo, this.phase] = [id, 'tempo'];
        return this.#decideLength();
      case 'program':
        [this.group, this.pitch, this.phase] = [value, -1, 'program'];
        return;
      case 'pitch':
        return this.#beginNote(id, value);
      case 'velocity':
        this.phase = 'velocity';
        return;
      case 'duration':
        return this.#endNote(value);
      case 'eos':
        this.phase = 'end';
    }
  }

  #openBar(): void {
    if (this.bar >= 0) this.barStart += this.barLength;
    this.bar++;
    [this.offset, this.pitch, this.count, this.phase] = [-1, -1, 0, 'bar'];
    if (this.newBar === 0) this.newStart = this.barStart;
    this.#decideLength();
  }

  #beginNote(id: number, pitch: number): void {
    if (!this.plan.vocabulary.config.programs) {
      this.group = this.plan.vocabulary.pitch(DRUMS, pitch) === id ? DRUMS : 0;
    }
    [this.pitch, this.phase] = [pitch, 'pitch'];
    this.voice = this.plan.satb === undefined || this.spellsForced ? -1 : this.freeVoice;
  }

  #endNote(length: number): void {
    const end = this.at + length;
    const forced = this.spellsForced;
    if (forced) this.next++;
    else {
      this.count++;
      if (this.isNew) this.heard = heardAfter(this, this.group);
    }
    if (this.voice >= 0) {
      const part = { pitch: this.pitch, end };
      this.voices = this.voices.map((voice, i) => (i === this.voice ? part : voice));
      this.voice = -1;
    }
    const key = this.group * 128 + this.pitch;
    this.sounding = [...this.sounding.filter((other) => other.key !== key), { key, end, forced }];
    this.end = Math.max(this.end, end);
    this.phase = 'note';
  }

  /** The lowest voice that has nothing to sing at the present position; -1 where all have. */
  get freeVoice(): number {
    const { satb } = this.plan;
    if (satb === undefined || this.at < satb.start || this.at >= satb.end) return -1;
    return this.voices.findIndex(({ end }) => end <= this.at);
  }

  /** Seconds become whole bars as soon as meter and tempo are known. */
  #decideLength(): void {
    const { wishes, vocabulary, firstBar } = this.plan;
    if (wishes.seconds === undefined || this.lastBar !== undefined || !this.isNew) return;
    if (requiredMeter(this) >= 0 || requiredTempo(this) >= 0) return;
    const { tempo, timeSignatures, positionsPerQuarter } = vocabulary.config;
    if ((tempo && this.tempo < 0) || (timeSignatures && this.meter < 0)) return;
    const quartersAMinute = wishes.tempo ?? (tempo ? vocabulary.tokens[this.tempo].value : 120);
    const barSeconds = (this.barLength / positionsPerQuarter) * (60 / quartersAMinute);
    this.lastBar = firstBar + Math.max(1, Math.round(wishes.seconds / barSeconds)) - 1;
  }
}
