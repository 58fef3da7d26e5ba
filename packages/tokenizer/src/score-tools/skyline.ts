import { pitchedNotes } from '../analysis/sounding.js';
import type { Note, Score } from '../score/score.js';

/**
 * The melody as the top line of what sounds (skyline, Uitdenbogerd & Zobel 1999): the notes at whose beginning nothing
 * higher sounds, each until the next one begins. One voice: no two of its notes sound at once.
 */
export function skylineMelody(score: Score): Note[] {
  return outline(score, 1);
}

/** The bass line: the same from below. */
export function skylineBass(score: Score): Note[] {
  return outline(score, -1);
}

/** @param side 1 for the highest notes, -1 for the lowest */
function outline(score: Score, side: 1 | -1): Note[] {
  const outside = (a: Note, b: Note): boolean => side * (a.pitch - b.pitch) > 0;
  const notes = pitchedNotes(score);
  const line: Note[] = [];
  let sounding: Note[] = [];
  for (let i = 0; i < notes.length; ) {
    const { tick } = notes[i];
    let best = notes[i];
    const struck: Note[] = [];
    for (; notes[i]?.tick === tick; i += 1) {
      struck.push(notes[i]);
      const longer = notes[i].pitch === best.pitch && notes[i].duration > best.duration;
      if (outside(notes[i], best) || longer) best = notes[i];
    }
    sounding = sounding.filter((note) => note.tick + note.duration > tick);
    if (!sounding.some((note) => outside(note, best))) append(line, best);
    sounding.push(...struck);
  }
  return line;
}

/** The line goes on with a note; the one before ends there at the latest. */
function append(line: Note[], note: Note): void {
  const last = line[line.length - 1] as Note | undefined;
  if (last !== undefined) last.duration = Math.min(last.duration, note.tick - last.tick);
  line.push({ ...note });
}
