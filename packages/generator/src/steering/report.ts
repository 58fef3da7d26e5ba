import { BarMap, type Note, type Score, TempoMap, type Track } from '@rondo/tokenizer';
import { NewBars } from '../music/steered-score.js';
import { groupOf, type Instrument, REST_BARS } from './instruments.js';
import { densityOf, PitchLaw, type Wishes } from './wishes.js';

/** Whether the written music obeys one wish, seen on its notes and not on its tokens. */
export interface Obeyed {
  readonly wish: string;
  readonly obeyed: boolean;
  /** What was measured, in the wish's own terms. */
  readonly measured: string | number;
}

interface Music {
  readonly score: Score;
  readonly from: number;
  /** New notes. */
  readonly notes: readonly { readonly note: Note; readonly track: Track }[];
  readonly bars: NewBars;
  readonly count: number; // new bars
}

/**
 * Checks the new notes of a score (those that begin at `from` or later, or are in `fresh`) against the wishes.
 * @param fresh the tracks that are new; default: all
 */
export function checkWishes(
  score: Score,
  wishes: Wishes,
  from = 0,
  fresh: (track: Track) => boolean = () => true,
): Obeyed[] {
  const notes = score.tracks
    .filter(fresh)
    .flatMap((track) => track.notes.filter(({ tick }) => tick >= from).map((note) => ({ note, track })));
  const map = new BarMap(score);
  const music: Music = { score, from, notes, bars: new NewBars(score, from), count: map.count - map.indexAt(from) };
  return CHECKS.flatMap(([wish, check]) => {
    const result = wishes[wish] === undefined ? undefined : check(music, wishes);
    return result === undefined ? [] : [{ wish: NAMES[wish] ?? wish, ...result }];
  });
}

type Check = (music: Music, wishes: Wishes) => Omit<Obeyed, 'wish'>;

const NAMES: Partial<Record<keyof Wishes, string>> = { melody: 'harmonise' };

const CHECKS: readonly [keyof Wishes, Check][] = [
  ['key', (music, wishes) => share(pitched(music), ({ note }) => inKey(music, wishes, note))],
  ['chords', (music, wishes) => share(pitched(music), ({ note }) => inChord(music, wishes, note))],
  ['range', (music, { range = [0, 127] }) => share(pitched(music), ({ note }) => note.pitch >= range[0] && note.pitch <= range[1])],
  ['polyphony', (music, { polyphony = 0 }) => atMost(mostAtOnce(pitched(music).map(({ note }) => note)), polyphony)],
  ['density', density],
  ['instruments', playing],
  ['meter', meter],
  ['tempo', (music, { tempo = 0, seconds }) => nearly(60 / secondsOfQuarter(music), tempo, seconds === undefined ? 0.01 : tempoSlack(music, tempo))],
  ['bars', (music, { bars }) => ({ obeyed: music.count === bars && endsOnBar(music), measured: music.count })],
  ['seconds', (music, { seconds = 0 }) => nearly(seconds_(music), seconds, 0.01)],
  ['melody', fourVoices],
]; // prettier-ignore

function pitched({ notes }: Music): Music['notes'] {
  return notes.filter(({ track }) => !track.isDrum);
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): Omit<Obeyed, 'wish'> {
  const good = items.filter(holds).length;
  return { obeyed: good === items.length, measured: items.length === 0 ? 1 : good / items.length };
}

function atMost(measured: number, most: number): Omit<Obeyed, 'wish'> {
  return { obeyed: measured <= most, measured };
}

function nearly(measured: number, wanted: number, tolerance: number): Omit<Obeyed, 'wish'> {
  return { obeyed: Math.abs(measured - wanted) <= tolerance, measured: Math.round(measured * 1000) / 1000 };
}

/** A chord of the bar goes before the key. */
function inKey(music: Music, wishes: Wishes, note: Note): boolean {
  return wishes.chords === undefined ? wishes.key?.classes[note.pitch % 12] === 1 : inChord(music, wishes, note);
}

/** Every chord under the note, from its beginning to its end, has its pitch class. */
function inChord({ bars }: Music, wishes: Wishes, note: Note): boolean {
  const law = new PitchLaw({ chords: wishes.chords });
  for (let at = note.tick; at < note.tick + note.duration; ) {
    const { bar, offset, length } = bars.at(at);
    if (law.at(bar, offset, length)[note.pitch] === 0) return false;
    at += law.stretchEnd(bar, offset, length) - offset;
  }
  return true;
}

/** The greatest number of notes that sound at one moment. */
export function mostAtOnce(notes: readonly Note[]): number {
  const events = notes.flatMap(({ tick, duration }) => [[tick, 1], [tick + duration, -1]]); // prettier-ignore
  let now = 0;
  let most = 0;
  for (const [, change] of events.sort((a, b) => a[0] - b[0] || a[1] - b[1])) most = Math.max(most, (now += change));
  return most;
}

function density({ score, notes, bars, count }: Music, wishes: Wishes): Omit<Obeyed, 'wish'> {
  const map = new BarMap(score);
  const cut = map.count > 0 && map.bar(map.count).tick > score.endTick; // a last bar that is no whole one
  const perBar = new Array<number>(count).fill(0);
  for (const { note } of notes) perBar[bars.at(note.tick).bar]++;
  const obeyed = perBar.every((have, bar) => {
    const [least, most] = densityOf(wishes, bar, count) ?? [0, Infinity];
    return (have >= least || (cut && bar === count - 1)) && have <= most;
  });
  return { obeyed, measured: perBar.join(' ') };
}

/** No instrument but those asked for, and none of these silent for too long. */
function playing(music: Music, { instruments = [] }: Wishes): Omit<Obeyed, 'wish'> {
  const foreign = share(music.notes, ({ track }) => instruments.some(({ groups }) => groups.includes(groupOf(track))));
  const silent = instruments.find((one) => one.plays && longestRest(music, one) >= REST_BARS);
  if (!foreign.obeyed || silent === undefined) return foreign;
  return { obeyed: false, measured: `${silent.name} is silent for ${longestRest(music, silent)} bars` };
}

/** Bars on end in which no note of an instrument begins, while others play; all where it has none. */
function longestRest({ score, notes, bars, count }: Music, { groups }: Instrument): number {
  const own = notes.filter(({ track }) => groups.includes(groupOf(track)));
  if (own.length === 0) return Math.max(REST_BARS, count);
  const last = Math.max(...score.tracks.map((track) => track.notes.at(-1)?.tick ?? 0));
  const heard = [...new Set(own.map(({ note }) => bars.at(note.tick).bar))].sort((a, b) => a - b);
  const marks = [-1, ...heard, bars.at(last).bar + 1];
  return Math.max(...marks.slice(1).map((bar, i) => bar - marks[i] - 1));
}

function meter({ score, from }: Music, { meter: wanted }: Wishes): Omit<Obeyed, 'wish'> {
  const holding = score.timeSignatures.findLast(({ tick }) => tick <= from) ?? { numerator: 4, denominator: 4 };
  const all = [holding, ...score.timeSignatures.filter(({ tick }) => tick > from)];
  const obeyed = all.every((one) => one.numerator === wanted?.numerator && one.denominator === wanted.denominator);
  return { obeyed, measured: [...new Set(all.map((one) => `${one.numerator}/${one.denominator}`))].join(' ') };
}

/** A length in seconds is met by whole bars, so the tempo may be off by up to half a bar's share. */
function tempoSlack({ count }: Music, tempo: number): number {
  return count <= 1 ? tempo : (0.51 * tempo) / (count - 0.5);
}

function secondsOfQuarter({ score, from }: Music): number {
  const clock = TempoMap.of(score);
  return clock.seconds(from + score.ticksPerQuarter) - clock.seconds(from);
}

function seconds_({ score, from }: Music): number {
  const clock = TempoMap.of(score);
  return clock.seconds(score.endTick) - clock.seconds(from);
}

/** The piece ends on a bar line, and a note sounds up to it, be it one of the prime. */
function endsOnBar({ score }: Music): boolean {
  const map = new BarMap(score);
  const end = map.bar(map.count).tick;
  const sounds = score.tracks.some(({ notes }) => notes.some(({ tick, duration }) => tick + duration === end));
  return score.endTick === end && sounds;
}

/** Soprano, alto, tenor and bass: one note each at every moment, never crossing. */
function fourVoices({ score }: Music): Omit<Obeyed, 'wish'> {
  if (score.tracks.length !== 4) return { obeyed: false, measured: `${score.tracks.length} voices` };
  const moments = score.tracks[0].notes.flatMap(({ tick, duration }) => [tick, tick + duration - 1]);
  const lower = score.tracks.slice(1).flatMap(({ notes }) => notes.map(({ tick }) => tick));
  let bad = 0;
  for (const moment of [...moments, ...lower]) {
    const sounding = score.tracks.map(({ notes }) =>
      notes.filter(({ tick, duration }) => tick <= moment && tick + duration > moment).map(({ pitch }) => pitch),
    );
    const [top, ...rest] = sounding;
    const complete = rest.every((pitches) => pitches.length === 1) && top.length <= 1;
    const line = sounding.flat();
    if (!complete || line.some((pitch, i) => i > 0 && pitch >= line[i - 1])) bad++;
  }
  return { obeyed: bad === 0, measured: bad === 0 ? 'four voices, none crossing' : `${bad} moments wrong` };
}
