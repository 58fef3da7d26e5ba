import type { Performance, PlayedNote } from './piece.js';
import type { PerformanceTokens } from './tokens.js';

/** What happens at one moment, in this order. */
const RANK = { off: 0, pedalOff: 1, pedalOn: 2, on: 3 } as const;

type Event = { readonly time: number } & (
  | { readonly kind: 'on' | 'off'; readonly note: PlayedNote }
  | { readonly kind: 'pedalOn' | 'pedalOff' }
);

/**
 * Spells a piece: at each moment first the keys that are let go, then the pedal as it comes up and goes down, then the keys
 * that are struck; keys from low to high.
 */
export function pieceToTokens(piece: Performance, names: PerformanceTokens): string[] {
  const tokens: string[] = [];
  let now = 0;
  let velocity = 0;
  for (const event of eventsOf(piece)) {
    spellShift(tokens, event.time - now, names);
    now = event.time;
    switch (event.kind) {
      case 'off':
        tokens.push(names.off(event.note.pitch));
        break;
      case 'on':
        if (event.note.velocity !== velocity) tokens.push(names.velocity(event.note.velocity));
        velocity = event.note.velocity;
        tokens.push(names.on(event.note.pitch));
        break;
      default:
        tokens.push(names[event.kind]);
    }
  }
  return tokens;
}

function eventsOf({ notes, pedals }: Performance): Event[] {
  const keys = notes.flatMap((note): Event[] => [
    { time: note.start, kind: 'on', note },
    { time: note.end, kind: 'off', note },
  ]);
  const feet = pedals.flatMap(({ start, end }): Event[] => [
    { time: start, kind: 'pedalOn' },
    { time: end, kind: 'pedalOff' },
  ]);
  const pitch = (event: Event): number => ('note' in event ? event.note.pitch : 0);
  return [...keys, ...feet].sort((a, b) => a.time - b.time || RANK[a.kind] - RANK[b.kind] || pitch(a) - pitch(b));
}

/** Longest shifts first, then the rest. */
function spellShift(tokens: string[], steps: number, names: PerformanceTokens): void {
  for (let left = steps; left > 0; left -= names.maxSteps) tokens.push(names.shift(Math.min(left, names.maxSteps)));
}
