import type { Note, Score, Track } from '@rondo/tokenizer';

/**
 * A score that any player plays without surprises: no note hangs (all end by `endTick`), none has no length, and none
 * begins while the same key of its track still sounds (the earlier one ends there, as on a piano).
 * @param endTick everything is over here; notes that would begin later are left out. Default: the score's own end
 */
export function cleanScore(score: Score, endTick = Infinity): Score {
  const tracks = score.tracks.map((track) => cleanTrack(track, endTick)).filter(({ notes }) => notes.length > 0);
  const ends = tracks.flatMap(({ notes }) => notes.map(({ tick, duration }) => tick + duration));
  const end = ends.reduce((latest, tick) => Math.max(latest, tick), 0);
  const before = <T extends { tick: number }>(events: readonly T[]): T[] =>
    events.filter(({ tick }) => tick < Math.max(1, end));
  return {
    ticksPerQuarter: score.ticksPerQuarter,
    tempos: before(score.tempos),
    timeSignatures: before(score.timeSignatures),
    keySignatures: before(score.keySignatures),
    tracks: tracks.map((track) => ({ ...track, pedals: cutAt(track.pedals, end) })),
    endTick: Number.isFinite(endTick) ? Math.max(end, Math.min(score.endTick, endTick)) : Math.max(end, score.endTick),
  };
}

function cleanTrack(track: Track, endTick: number): Track {
  const playable = track.notes.map(toRange).filter(({ tick, pitch }) => tick >= 0 && pitch >= 0 && pitch <= 127);
  return { ...track, notes: cutAt(withoutOverlaps(playable), endTick) };
}

/** Whole numbers, a length of at least one tick and an audible velocity. */
function toRange({ tick, duration, pitch, velocity }: Note): Note {
  return {
    tick: Math.round(tick),
    duration: Math.max(1, Math.round(duration)),
    pitch: Math.round(pitch),
    velocity: Math.min(127, Math.max(1, Math.round(velocity))),
  };
}

function withoutOverlaps(notes: readonly Note[]): Note[] {
  const sorted = [...notes].sort((a, b) => a.tick - b.tick || a.pitch - b.pitch || b.duration - a.duration);
  const sounding = new Map<number, Note>();
  const out: Note[] = [];
  for (const note of sorted) {
    const before = sounding.get(note.pitch);
    if (before !== undefined && before.tick === note.tick) continue; // the same key struck twice at once: the longer one stays
    if (before !== undefined) before.duration = Math.min(before.duration, note.tick - before.tick);
    sounding.set(note.pitch, note);
    out.push(note);
  }
  return out;
}

function cutAt<T extends { tick: number; duration: number }>(spans: readonly T[], end: number): T[] {
  return spans
    .filter(({ tick }) => tick < end)
    .map((span) => ({ ...span, duration: Math.min(span.duration, end - span.tick) }));
}
