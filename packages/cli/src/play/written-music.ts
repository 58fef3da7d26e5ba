import { type LiveMusic, type LiveNote } from '@rondo/generator';
import type { Score, Track } from '@rondo/tokenizer';

/** 120 quarters a minute: a tick is a millisecond. */
const TICKS_PER_QUARTER = 500;
const TICKS_PER_SECOND = 1000;

/** All notes of live music as a score whose ticks are milliseconds. */
export async function gatherScore(music: LiveMusic, signal: AbortSignal): Promise<Score> {
  signal.addEventListener('abort', () => music.stop(), { once: true });
  const tracks = new Map<string, Track>();
  let endTick = 0;
  for await (const note of music) {
    const track = trackOf(tracks, note);
    const tick = Math.round(note.start * TICKS_PER_SECOND);
    const duration = Math.max(1, Math.round((note.start + note.duration) * TICKS_PER_SECOND) - tick);
    track.notes.push({ tick, duration, pitch: note.pitch, velocity: note.velocity });
    endTick = Math.max(endTick, tick + duration);
  }
  return {
    ticksPerQuarter: TICKS_PER_QUARTER,
    tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    timeSignatures: [],
    keySignatures: [],
    tracks: [...tracks.values()],
    endTick,
  };
}

function trackOf(tracks: Map<string, Track>, { program, isDrum }: LiveNote): Track {
  const key = isDrum ? 'drums' : String(program);
  const known = tracks.get(key) ?? { name: '', program: isDrum ? 0 : program, isDrum, notes: [], pedals: [] };
  tracks.set(key, known);
  return known;
}
