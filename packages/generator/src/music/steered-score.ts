import { BarMap, type Note, type Score, scaleTicks, TempoMap } from '@rondo/tokenizer';
import { keySignatureOf } from '../steering/key-signature.js';
import { PitchLaw, type Wishes } from '../steering/wishes.js';
import { cleanScore } from './clean-score.js';

/** Where new music stands in a decoded score, and how its scheme tells lengths. */
export interface Frame {
  /** Tick at which it begins. */
  readonly from: number;
  /** Tick at which everything is over; undefined where no length was asked for. */
  readonly end: number | undefined;
  /** Whether the tokens say how long a note lasts; if not, the decoder's lengths are cut to what was asked for. */
  readonly tellsLengths: boolean;
}

/** The written form of a steered piece: its exact end, its meter, key and tempo, no note beyond its chord. */
export function steeredScore(decoded: Score, wishes: Wishes, frame: Frame): Score {
  const clean = cleanScore(frame.tellsLengths ? decoded : cutLengths(decoded, wishes, frame), frame.end);
  const metered = withMeter({ ...clean, endTick: frame.end ?? clean.endTick }, wishes, frame.from);
  return withTempo(withKey(metered, wishes, frame.from), wishes, frame.from);
}

/** Bars of the music that begins at `from`; its first bar is number 0. */
export class NewBars {
  readonly #bars: BarMap;
  readonly #first: number;

  constructor(score: Score, from: number) {
    this.#bars = new BarMap(score);
    this.#first = this.#bars.indexAt(from);
  }

  at(tick: number): { bar: number; offset: number; length: number } {
    const index = this.#bars.indexAt(tick);
    const bar = this.#bars.bar(index);
    return { bar: index - this.#first, offset: tick - bar.tick, length: bar.length };
  }
}

/** Ends notes where the next onset stands (if few may sound at once) and where their chord ends. */
function cutLengths(score: Score, wishes: Wishes, { from }: Frame): Score {
  const law = new PitchLaw(wishes);
  const bars = new NewBars(withMeter(score, wishes, from), from);
  const onsets = [...new Set(score.tracks.flatMap(({ notes }) => notes.map(({ tick }) => tick)))].sort((a, b) => a - b);
  const next = new Map(onsets.map((tick, i) => [tick, onsets[i + 1] ?? Infinity]));
  const cut = (note: Note): Note => {
    if (note.tick < from) return note;
    const { bar, offset, length } = bars.at(note.tick);
    const stretch = law.changes ? note.tick + law.stretchEnd(bar, offset, length) - offset : Infinity;
    const byNext = wishes.polyphony === undefined ? Infinity : (next.get(note.tick) ?? Infinity);
    return { ...note, duration: Math.min(note.duration, Math.min(stretch, byNext) - note.tick) };
  };
  return { ...score, tracks: score.tracks.map((track) => ({ ...track, notes: track.notes.map(cut) })) };
}

/** The meter asked for, where the tokens know none. */
function withMeter(score: Score, { meter }: Wishes, from: number): Score {
  const holds = score.timeSignatures.findLast(({ tick }) => tick <= from) ?? { numerator: 4, denominator: 4 };
  if (meter === undefined || (holds.numerator === meter.numerator && holds.denominator === meter.denominator))
    return score;
  const before = score.timeSignatures.filter(({ tick }) => tick < from);
  return { ...score, timeSignatures: [...before, { tick: from, ...meter }] };
}

/** The signature of the key asked for; no tokens tell it. */
export function withKey(score: Score, { key }: Wishes, from = 0): Score {
  const signature = key && keySignatureOf(key);
  const holds = score.keySignatures.findLast(({ tick }) => tick <= from);
  if (signature === undefined || (holds?.fifths === signature.fifths && holds.mode === signature.mode)) return score;
  const before = score.keySignatures.filter(({ tick }) => tick < from);
  return { ...score, keySignatures: [...before, { tick: from, ...signature }] };
}

/** The tempo asked for, or the one at which the new music lasts exactly the seconds asked for. */
function withTempo(score: Score, { tempo, seconds }: Wishes, from: number): Score {
  const factor = seconds === undefined ? 1 : seconds / lasting(score, from);
  const asked = tempo !== undefined && seconds === undefined ? 60e6 / tempo : undefined;
  if (asked === undefined && Math.abs(factor - 1) < 1e-9) return score;
  const before = score.tempos.filter(({ tick }) => tick < from);
  const holding = score.tempos.findLast(({ tick }) => tick <= from)?.microsecondsPerQuarter ?? 500_000;
  const inside = [{ tick: from, microsecondsPerQuarter: holding }, ...score.tempos.filter(({ tick }) => tick > from)];
  const changed = inside.map(({ tick, microsecondsPerQuarter }) => ({
    tick,
    microsecondsPerQuarter: Math.round(asked ?? microsecondsPerQuarter * factor),
  }));
  return { ...score, tempos: [...before, ...(asked === undefined ? changed : changed.slice(0, 1))] };
}

function lasting(score: Score, from: number): number {
  const clock = TempoMap.of(score);
  return clock.seconds(score.endTick) - clock.seconds(from);
}

/** The notes of `score` that are not in `given`, both in the resolution of `score`. */
export function addedNotes(score: Score, given: Score): { track: Score['tracks'][number]; notes: Note[] }[] {
  const key = (track: Score['tracks'][number], { tick, pitch }: Note) =>
    `${track.isDrum ? 128 : track.program} ${tick} ${pitch}`;
  const known = new Set(given.tracks.flatMap((track) => track.notes.map((note) => key(track, note))));
  return score.tracks.map((track) => ({ track, notes: track.notes.filter((note) => !known.has(key(track, note))) }));
}

/** Both scores in one resolution that holds the ticks of both. */
export function inOneResolution(a: Score, b: Score): [Score, Score] {
  const ticks = leastCommonMultiple(a.ticksPerQuarter, b.ticksPerQuarter);
  return [scaleTicks(a, ticks / a.ticksPerQuarter), scaleTicks(b, ticks / b.ticksPerQuarter)];
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
