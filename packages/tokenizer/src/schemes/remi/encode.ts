import { DRUM_GROUP, type RemiLayout } from './layout.js';
import { sameMeter, type Bar, type GridNote, type RemiPiece } from './piece.js';
import type { RemiTokens } from './tokens.js';

/** Spells a piece: bar by bar, position by position, within a position by program, the pedal before the pitches. */
export function pieceToTokens(piece: RemiPiece, layout: RemiLayout, names: RemiTokens): string[] {
  const tokens: string[] = [];
  const { notes, pedals, tempos, bars } = piece;
  const group = new GroupSpeller(tokens, layout.config.programs, names);
  let [note, pedal, tempo] = [0, 0, 0];
  for (const [i, bar] of bars.entries()) {
    spellBar(tokens, bar, bars[i - 1], layout);
    const end = bar.start + bar.length;
    for (;;) {
      const position = Math.min(at(notes, note), at(pedals, pedal), at(tempos, tempo));
      if (position >= end) break;
      tokens.push(names.position(position - bar.start));
      if (at(tempos, tempo) === position) tokens.push(names.tempo(tempos[tempo++].bin));
      while (at(notes, note) === position || at(pedals, pedal) === position) {
        const isPedal =
          at(pedals, pedal) === position && !(at(notes, note) === position && notes[note].group < pedals[pedal].group);
        group.enter(isPedal ? pedals[pedal].group : notes[note].group);
        if (isPedal) tokens.push(names.pedal(pedals[pedal++].duration));
        else spellNote(tokens, notes[note++], layout, names);
      }
    }
  }
  return tokens;
}

function at(events: readonly { readonly position: number }[], index: number): number {
  return index < events.length ? events[index].position : Infinity;
}

/** Writes the program where it changes. */
class GroupSpeller {
  private group = -1;

  constructor(
    private readonly tokens: string[],
    private readonly programs: boolean,
    private readonly names: RemiTokens,
  ) {}

  enter(group: number): void {
    if (this.programs && group !== this.group) this.tokens.push(this.names.program(group));
    this.group = group;
  }
}

function spellBar(tokens: string[], bar: Bar, previous: Bar | undefined, layout: RemiLayout): void {
  tokens.push('Bar');
  if (!layout.config.timeSignatures || (previous !== undefined && sameMeter(bar, previous))) return;
  tokens.push(`TimeSig_${bar.numerator}/${bar.denominator}`);
}

function spellNote(tokens: string[], note: GridNote, layout: RemiLayout, names: RemiTokens): void {
  tokens.push(note.group === DRUM_GROUP ? names.drum(note.pitch) : names.pitch(note.pitch));
  if (layout.config.velocityBins > 0) tokens.push(names.velocity(note.velocity));
  tokens.push(names.duration(note.duration));
}
