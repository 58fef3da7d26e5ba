import type { Note, Pedal, Score, Track } from '../score/score.js';

/** What `quantiseScore` moves to the grid. */
export interface QuantiseOptions {
  /** Grid lines to a quarter: 4 for sixteenths, 3 for triplets of eighths, 12 for both. */
  readonly stepsPerQuarter: number;
  /** How far notes move towards the grid, 0 … 1 (1: onto it). */
  readonly strength?: number;
  /** Whether the ends of notes move as well (default true); otherwise notes keep their lengths. */
  readonly ends?: boolean;
}

/**
 * Moves onsets (and ends) to the nearest grid line. Every note keeps at least one tick, with `ends` at full strength one
 * step; of notes of a track that come to stand on one place and key the longest stays, and a note ends where its key is
 * struck again. Where a step is no whole number of ticks, the resolution is raised. Tempos, meters and keys stay.
 * @throws RangeError for options that make no sense.
 */
export function quantiseScore(score: Score, options: QuantiseOptions): Score {
  const { stepsPerQuarter, strength = 1, ends = true } = options;
  if (!Number.isInteger(stepsPerQuarter) || stepsPerQuarter < 1 || stepsPerQuarter > 960) {
    throw new RangeError(`expected 1 to 960 steps to a quarter, got ${stepsPerQuarter}`);
  }
  if (!(strength >= 0 && strength <= 1)) throw new RangeError(`expected a strength from 0 to 1, got ${strength}`);
  const finer = scaleTicks(score, stepsPerQuarter / greatestCommonDivisor(stepsPerQuarter, score.ticksPerQuarter));
  const step = finer.ticksPerQuarter / stepsPerQuarter;
  const move = (tick: number): number => Math.round(tick + strength * (Math.round(tick / step) * step - tick));
  const shortest = ends && strength === 1 ? step : 1;
  const quantiseNote = (note: Note): Note => {
    const tick = move(note.tick);
    const duration = ends ? move(note.tick + note.duration) - tick : note.duration;
    return { ...note, tick, duration: Math.max(shortest, duration) };
  };
  const tracks = finer.tracks.map(
    (track): Track => ({ ...track, notes: withoutOverlaps(track.notes.map(quantiseNote)) }),
  );
  return { ...finer, tracks, endTick: Math.max(finer.endTick, lastEnd(tracks)) };
}

/** The same music with `factor` times as many ticks to a quarter. */
export function scaleTicks(score: Score, factor: number): Score {
  if (factor === 1) return score;
  const at = <T extends { tick: number }>(items: readonly T[]): T[] =>
    items.map((item) => ({ ...item, tick: item.tick * factor }));
  const spans = <T extends Note | Pedal>(items: readonly T[]): T[] =>
    at(items).map((item) => ({ ...item, duration: item.duration * factor }));
  return {
    ticksPerQuarter: score.ticksPerQuarter * factor,
    tempos: at(score.tempos),
    timeSignatures: at(score.timeSignatures),
    keySignatures: at(score.keySignatures),
    tracks: score.tracks.map((track) => ({ ...track, notes: spans(track.notes), pedals: spans(track.pedals) })),
    endTick: score.endTick * factor,
  };
}

/** Sorted notes in which no two of a key sound at once: see `quantiseScore`. */
export function withoutOverlaps(notes: readonly Note[]): Note[] {
  const sorted = [...notes].sort(
    (a, b) => a.tick - b.tick || a.pitch - b.pitch || b.duration - a.duration || b.velocity - a.velocity,
  );
  const kept = sorted.filter(({ tick, pitch }, i) => tick !== sorted[i - 1]?.tick || pitch !== sorted[i - 1].pitch);
  const next = new Map<number, number>();
  for (let i = kept.length - 1; i >= 0; i -= 1) {
    const { tick, pitch, duration } = kept[i];
    const room = (next.get(pitch) ?? Infinity) - tick;
    if (room < duration) kept[i] = { ...kept[i], duration: room };
    next.set(pitch, tick);
  }
  return kept;
}

function lastEnd(tracks: readonly Track[]): number {
  let end = 0;
  for (const { notes } of tracks) for (const { tick, duration } of notes) end = Math.max(end, tick + duration);
  return end;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
