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

/**
 * What the scheme keeps of a piece; both directions go through it. The notes are tidy (see `tidyNotes`), bars end with
 * the one that the last note starts in, tempos hold changes only, and a piece without notes holds nothing at all.
 */
export interface RemiPiece {
  readonly bars: readonly Bar[];
  readonly tempos: readonly { readonly position: number; readonly bin: number }[];
  readonly notes: readonly GridNote[];
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
  score.tracks = tracksOf(piece.notes, layout);
  for (const { position, duration } of piece.notes) score.endTick = Math.max(score.endTick, ticks(position + duration));
  return score;
}

export function sameMeter(a: Meter, b: Meter): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

function tracksOf(notes: readonly GridNote[], layout: RemiLayout): Track[] {
  const tracks = new Map<number, Track>();
  for (const { position, group, pitch, velocity, duration } of notes) {
    let track = tracks.get(group);
    if (track === undefined) {
      const isDrum = group === DRUM_GROUP;
      track = { name: '', program: isDrum ? 0 : group, isDrum, notes: [], pedals: [] };
      tracks.set(group, track);
    }
    track.notes.push({
      tick: position * layout.ticksPerPosition,
      duration: duration * layout.ticksPerPosition,
      pitch,
      velocity: layout.velocity(velocity),
    });
  }
  return [...tracks.entries()].sort(([a], [b]) => a - b).map(([, track]) => track);
}
