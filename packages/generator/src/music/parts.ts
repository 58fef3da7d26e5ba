import { type Note, scaleTicks, type Score, type Track } from '@rondo/tokenizer';
import { groupName } from '../steering/instruments.js';
import { LOWER_VOICES } from '../steering/satb.js';
import { anchorsOf, asLong, follow } from './follow-melody.js';
import { addedNotes, inOneResolution } from './steered-score.js';

const VOICE_NAMES = ['Bass', 'Tenor', 'Alto'];

/**
 * A melody with the three voices that were made below it, as four tracks from the soprano down. Each note goes to the
 * lowest voice that has nothing to sing, which is how they were made.
 * @param decoded the tokens' score, the melody's notes among the others
 * @param read the melody as the tokens spell it
 * @param tellsMoments whether the tokens tell every moment at which a note begins, and not frames alone
 */
export function fourParts(decoded: Score, melody: Score, read: Score, tellsMoments: boolean): Score {
  const notes = addedNotes(decoded, read).flatMap((part) => part.notes);
  const voices: Note[][] = Array.from({ length: LOWER_VOICES }, () => []);
  for (const note of notes.sort((a, b) => a.tick - b.tick || a.pitch - b.pitch)) {
    const free = voices.find((voice) => voice.length === 0 || endOf(voice[voice.length - 1]) <= note.tick);
    (free ?? voices[0]).push(note);
  }
  const [source] = melody.tracks;
  const lower = voices.map((line, i): Track => ({ ...source, name: VOICE_NAMES[i], notes: line, pedals: [] }));
  const [given, made] = inOneResolution(melody, { ...decoded, tracks: lower });
  const soprano = { ...given.tracks[0], name: 'Soprano' };
  const [spelt] = scaleTicks(read, given.ticksPerQuarter / read.ticksPerQuarter).tracks;
  const anchors = anchorsOf(spelt.notes, soprano.notes, given.ticksPerQuarter / 2);
  const under = made.tracks.reverse().map((track) => ({
    ...track,
    notes: tellsMoments ? follow(track.notes, anchors) : asLong(track.notes, soprano.notes),
  }));
  return { ...given, tracks: [soprano, ...under], endTick: endOfAll([soprano, ...under]) };
}

/** A given piece with the notes that were added to it, in tracks of their own. */
export function withAdded(decoded: Score, piece: Score, read: Score): Score {
  const added = addedNotes(decoded, read).filter(({ notes }) => notes.length > 0);
  const tracks = added.map(({ track, notes }): Track => {
    const name = `New ${groupName(track.isDrum ? 128 : track.program)}`;
    return { ...track, name, notes, pedals: [] };
  });
  const [given, made] = inOneResolution(piece, { ...decoded, tracks });
  const all = [...given.tracks, ...made.tracks];
  return { ...given, tracks: all, endTick: Math.max(given.endTick, endOfAll(all)) };
}

function endOf({ tick, duration }: Note): number {
  return tick + duration;
}

function endOfAll(tracks: readonly Track[]): number {
  return tracks.reduce((end, { notes }) => notes.reduce((last, note) => Math.max(last, endOf(note)), end), 0);
}
