import type { Score, Track } from '../score/score.js';
import { BarMap } from './bars.js';

/**
 * The part of a score from tick `from` up to (not including) `to`, moved to the start. Notes and pedals are cut at both
 * borders; tempo, meter and key are those that hold there.
 * @throws RangeError if the part is empty.
 */
export function cutScore(score: Score, from: number, to: number): Score {
  if (!(from >= 0 && to > from))
    throw new RangeError(`expected a part from a tick to a later one, got ${from} to ${to}`);
  const cut = <T extends { tick: number; duration: number }>(spans: readonly T[]): T[] =>
    spans
      .filter(({ tick, duration }) => tick < to && tick + duration > from)
      .map((span) => {
        const start = Math.max(from, span.tick);
        return { ...span, tick: start - from, duration: Math.min(to, span.tick + span.duration) - start };
      });
  return {
    ticksPerQuarter: score.ticksPerQuarter,
    tempos: stateFrom(score.tempos, from, to),
    timeSignatures: stateFrom(score.timeSignatures, from, to),
    keySignatures: stateFrom(score.keySignatures, from, to),
    tracks: score.tracks.map(
      (track): Track => ({ ...track, notes: sorted(cut(track.notes)), pedals: cut(track.pedals) }),
    ),
    endTick: Math.max(0, Math.min(to, score.endTick) - from),
  };
}

/** Notes that are cut at the left border begin together and go by pitch again. */
function sorted<T extends { tick: number; pitch: number }>(notes: T[]): T[] {
  return notes.sort((a, b) => a.tick - b.tick || a.pitch - b.pitch);
}

/** Changes inside the part, and at its start what holds there. */
function stateFrom<T extends { tick: number }>(changes: readonly T[], from: number, to: number): T[] {
  const before = changes.findLast(({ tick }) => tick <= from);
  const inside = changes.filter(({ tick }) => tick > from && tick < to);
  return [...(before === undefined ? [] : [before]), ...inside].map((change) => ({
    ...change,
    tick: Math.max(0, change.tick - from),
  }));
}

/** Bars `first` up to (not including) `end`, counted from 0, as a score of its own. */
export function cutBars(score: Score, first: number, end: number): Score {
  const bars = new BarMap(score);
  return cutScore(score, bars.bar(first).tick, bars.bar(end).tick);
}

/** Sections of `bars` bars each; the last one may be shorter. Every one begins on a bar line. */
export function sectionsOf(score: Score, bars: number): Score[] {
  if (!Number.isInteger(bars) || bars < 1) throw new RangeError(`expected a number of bars from 1 up, got ${bars}`);
  const { count } = new BarMap(score);
  const sections: Score[] = [];
  for (let first = 0; first < count; first += bars) sections.push(cutBars(score, first, Math.min(count, first + bars)));
  return sections;
}

/**
 * Scores one after another: each begins where the one before ends. Tracks of one name, program and kind are one track.
 * @throws RangeError if their resolutions differ.
 */
export function joinScores(scores: readonly Score[]): Score {
  const ticksPerQuarter = scores[0]?.ticksPerQuarter ?? 480;
  const joined: Score = { ticksPerQuarter, tempos: [], timeSignatures: [], keySignatures: [], tracks: [], endTick: 0 };
  const tracks = new Map<string, Track>();
  for (const score of scores) {
    if (score.ticksPerQuarter !== ticksPerQuarter) {
      throw new RangeError(`expected scores of ${ticksPerQuarter} ticks to a quarter, got ${score.ticksPerQuarter}`);
    }
    const move = <T extends { tick: number }>(items: readonly T[]): T[] =>
      items.map((item) => ({ ...item, tick: item.tick + joined.endTick }));
    joined.tempos.push(...move(score.tempos));
    joined.timeSignatures.push(...move(score.timeSignatures));
    joined.keySignatures.push(...move(score.keySignatures));
    for (const track of score.tracks) appendTrack(tracks, track, move);
    joined.endTick += score.endTick;
  }
  return { ...joined, tracks: [...tracks.values()] };
}

function appendTrack(
  tracks: Map<string, Track>,
  track: Track,
  move: <T extends { tick: number }>(items: readonly T[]) => T[],
): void {
  const key = JSON.stringify([track.name, track.program, track.isDrum]);
  const into = tracks.get(key) ?? { ...track, notes: [], pedals: [] };
  for (const note of move(track.notes)) into.notes.push(note);
  for (const pedal of move(track.pedals)) into.pedals.push(pedal);
  sorted(into.notes);
  tracks.set(key, into);
}
