import type { Score, Track } from '../../score/score.js';
import { DRUM_GROUP, type Meter, type RemiLayout } from './layout.js';

/** A bar at its start in positions. */
export interface Bar extends Meter {
  readonly start: number;
}

/** A note on the grid; `group` is the program, or `DRUM_GROUP`; `velocity` is a level. */
export interface GridNote {
  readonly position: number;
  readonly group: number;
  readonly pitch: number;
  readonly velocity: number;
  readonly duration: number;
}

/** A span in which the sustain pedal of a group is down. */
export interface GridPedal {
  readonly position: number;
  readonly group: number;
  readonly duration: number;
}

/**
 * What the scheme keeps of a piece; both directions go through it. Notes and pedals are tidy (see `tidyNotes`), bars end
 * with the one that the last of them starts in, tempos hold changes only, and a piece without notes holds nothing at all.
 */
export interface RemiPiece {
  readonly bars: readonly Bar[];
  readonly tempos: readonly { readonly position: number; readonly bin: number }[];
  readonly notes: readonly GridNote[];
  readonly pedals: readonly GridPedal[];
}

/** Of a piece without notes. */
export const EMPTY_PIECE: RemiPiece = { bars: [], tempos: [], notes: [], pedals: [] };

/** The last position at which a note or pedal begins; there must be a note. */
export function lastPosition(notes: readonly GridNote[], pedals: readonly GridPedal[]): number {
  return Math.max(notes[notes.length - 1].position, pedals.length === 0 ? 0 : pedals[pedals.length - 1].position);
}

function compareNotes(a: GridNote, b: GridNote): number {
  return a.position - b.position || a.group - b.group || a.pitch - b.pitch;
}

/**
 * Sorts by position, group and pitch; of notes at one place keeps the longest (then the loudest); ends a note where the
 * same key is struck again, because no instrument can hold both and MIDI cannot tell their ends apart.
 */
export function tidyNotes(notes: readonly GridNote[], layout: RemiLayout): GridNote[] {
  const sorted = [...notes].sort((a, b) => compareNotes(a, b) || b.duration - a.duration || b.velocity - a.velocity);
  const kept = sorted.filter((note, i) => i === 0 || compareNotes(note, sorted[i - 1]) !== 0);
  const nextOnset = new Map<number, number>();
  for (let i = kept.length - 1; i >= 0; i -= 1) {
    const note = kept[i];
    const key = note.group * 128 + note.pitch;
    const gap = (nextOnset.get(key) ?? Infinity) - note.position;
    if (gap < note.duration) kept[i] = { ...note, duration: layout.durationWithin(gap) };
    nextOnset.set(key, note.position);
  }
  return kept;
}

/** Sorts by position and group; of pedals at one place keeps the longest; ends a pedal where the next one begins. */
export function tidyPedals(pedals: readonly GridPedal[], layout: RemiLayout): GridPedal[] {
  const place = (a: GridPedal, b: GridPedal): number => a.position - b.position || a.group - b.group;
  const sorted = [...pedals].sort((a, b) => place(a, b) || b.duration - a.duration);
  const kept = sorted.filter((pedal, i) => i === 0 || place(pedal, sorted[i - 1]) !== 0);
  const next = new Map<number, number>();
  for (let i = kept.length - 1; i >= 0; i -= 1) {
    const { position, group, duration } = kept[i];
    const gap = (next.get(group) ?? Infinity) - position;
    if (gap < duration) kept[i] = { position, group, duration: layout.durationWithin(gap) };
    next.set(group, position);
  }
  return kept;
}

/** The Score of a piece, on the scheme's own resolution: one track per program, drums last. */
export function pieceToScore(piece: RemiPiece, layout: RemiLayout): Score {
  const ticks = (positions: number): number => positions * layout.ticksPerPosition;
  const score: Score = {
    ticksPerQuarter: layout.ticksPerQuarter,
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    tracks: [],
    endTick: 0,
  };
  if (piece.notes.length === 0) return score;
  score.tempos = piece.tempos.map(({ position, bin }) => ({
    tick: ticks(position),
    microsecondsPerQuarter: Math.round(60e6 / layout.tempo(bin)),
  }));
  if (!layout.config.tempo) score.tempos = [{ tick: 0, microsecondsPerQuarter: 500_000 }];
  score.timeSignatures = piece.bars
    .filter((bar, i) => i === 0 || !sameMeter(bar, piece.bars[i - 1]))
    .map(({ start, numerator, denominator }) => ({ tick: ticks(start), numerator, denominator }));
  score.tracks = tracksOf(piece, layout);
  for (const { position, duration } of [...piece.notes, ...piece.pedals])
    score.endTick = Math.max(score.endTick, ticks(position + duration));
  return score;
}

export function sameMeter(a: Meter, b: Meter): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

function tracksOf({ notes, pedals }: RemiPiece, layout: RemiLayout): Track[] {
  const tracks = new Map<number, Track>();
  const trackOf = (group: number): Track => {
    let track = tracks.get(group);
    if (track === undefined) {
      const isDrum = group === DRUM_GROUP;
      track = { name: '', program: isDrum ? 0 : group, isDrum, notes: [], pedals: [] };
      tracks.set(group, track);
    }
    return track;
  };
  const span = ({ position, duration }: GridPedal): { tick: number; duration: number } => ({
    tick: position * layout.ticksPerPosition,
    duration: duration * layout.ticksPerPosition,
  });
  for (const note of notes) {
    trackOf(note.group).notes.push({ ...span(note), pitch: note.pitch, velocity: layout.velocity(note.velocity) });
  }
  for (const pedal of pedals) trackOf(pedal.group).pedals.push(span(pedal));
  return [...tracks.entries()].sort(([a], [b]) => a - b).map(([, track]) => track);
}
