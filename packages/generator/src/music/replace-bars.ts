import { BarMap, type Note, type Score, type Track } from '@rondo/tokenizer';
import { inOneResolution } from './steered-score.js';

/** Bars of a score, from 0, the second not included. */
export interface BarSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * The score with other notes in some bars. All notes that begin outside stay as they are; a new one that would strike a key
 * which an old one still holds is left out.
 * @param made score that holds the new notes
 * @param madeFrom tick in it that lies on the first of the bars
 */
export function replaceBars(score: Score, span: BarSpan, made: Score, madeFrom: number): Score {
  const [old, fresh] = inOneResolution(score, made);
  const bars = new BarMap(old);
  const [start, end] = [bars.bar(span.from).tick, bars.bar(span.to).tick];
  const shift = start - (madeFrom * fresh.ticksPerQuarter) / made.ticksPerQuarter;
  const tracks = old.tracks.map((track) => ({
    ...track,
    notes: track.notes.filter(({ tick }) => tick < start || tick >= end),
  }));
  for (const track of fresh.tracks) {
    const notes = track.notes
      .map((note) => ({ ...note, tick: note.tick + shift, duration: Math.min(note.duration, end - note.tick - shift) }))
      .filter(({ tick }) => tick >= start && tick < end);
    addTo(tracks, track, notes);
  }
  return { ...old, tracks: tracks.filter(({ notes }) => notes.length > 0) };
}

/** Puts notes into the first track of their instrument, or a new one. */
function addTo(tracks: Track[], like: Track, notes: readonly Note[]): void {
  const same = ({ isDrum, program }: Track) => isDrum === like.isDrum && (isDrum || program === like.program);
  let into = tracks.find(same);
  if (into === undefined) tracks.push((into = { ...like, notes: [], pedals: [] }));
  const held = into.notes;
  const holds = (note: Note) => (old: Note) =>
    old.pitch === note.pitch && old.tick <= note.tick && old.tick + old.duration > note.tick;
  into.notes = [...held, ...notes.filter((note) => !held.some(holds(note)))].sort(
    (a, b) => a.tick - b.tick || a.pitch - b.pitch,
  );
}

/** Whether every note that begins outside the bars is the same in both scores. */
export function sameOutside(a: Score, b: Score, span: BarSpan): boolean {
  const [first, second] = inOneResolution(a, b);
  const bars = new BarMap(first);
  const [start, end] = [bars.bar(span.from).tick, bars.bar(span.to).tick];
  const outside = (score: Score) =>
    score.tracks
      .flatMap((track) => track.notes.map((note) => ({ ...note, group: track.isDrum ? 128 : track.program })))
      .filter(({ tick }) => tick < start || tick >= end)
      .map((note) => `${note.group} ${note.tick} ${note.pitch} ${note.duration} ${note.velocity}`)
      .sort();
  return outside(first).join('\n') === outside(second).join('\n');
}
