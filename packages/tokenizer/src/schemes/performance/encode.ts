import type { PlayedNote } from './piece.js';
import type { PerformanceTokens } from './tokens.js';

interface Event {
  readonly time: number;
  readonly isOn: boolean;
  readonly note: PlayedNote;
}

/** Spells notes: at each moment first the keys that are let go, then those that are struck, both from low to high. */
export function notesToTokens(notes: readonly PlayedNote[], names: PerformanceTokens): string[] {
  const tokens: string[] = [];
  let now = 0;
  let velocity = 0;
  for (const { time, isOn, note } of eventsOf(notes)) {
    spellShift(tokens, time - now, names);
    now = time;
    if (!isOn) {
      tokens.push(names.off(note.pitch));
      continue;
    }
    if (note.velocity !== velocity) tokens.push(names.velocity(note.velocity));
    velocity = note.velocity;
    tokens.push(names.on(note.pitch));
  }
  return tokens;
}

function eventsOf(notes: readonly PlayedNote[]): Event[] {
  const events = notes.flatMap((note): Event[] => [
    { time: note.start, isOn: true, note },
    { time: note.end, isOn: false, note },
  ]);
  return events.sort((a, b) => a.time - b.time || Number(a.isOn) - Number(b.isOn) || a.note.pitch - b.note.pitch);
}

/** Longest shifts first, then the rest. */
function spellShift(tokens: string[], steps: number, names: PerformanceTokens): void {
  for (let left = steps; left > 0; left -= names.maxSteps) tokens.push(names.shift(Math.min(left, names.maxSteps)));
}
