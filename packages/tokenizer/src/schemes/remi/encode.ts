import { DRUM_GROUP, type RemiLayout } from './layout.js';
import { sameMeter, type Bar, type GridNote, type RemiPiece } from './piece.js';
import type { RemiTokens } from './tokens.js';

/** Spells a piece: bar by bar, position by position, within a position by program and pitch. */
export function pieceToTokens(piece: RemiPiece, layout: RemiLayout, names: RemiTokens): string[] {
  const tokens: string[] = [];
  const { notes, tempos, bars } = piece;
  let note = 0;
  let tempo = 0;
  let group = -1;
  for (const [i, bar] of bars.entries()) {
    spellBar(tokens, bar, bars[i - 1], layout);
    const end = bar.start + bar.length;
    for (;;) {
      const position = Math.min(notes[note]?.position ?? Infinity, tempos[tempo]?.position ?? Infinity);
      if (position >= end) break;
      tokens.push(`Position_${position - bar.start}`);
      if (tempos[tempo]?.position === position) tokens.push(names.tempo(tempos[tempo++].bin));
      for (; notes[note]?.position === position; note += 1) {
        if (layout.config.programs && notes[note].group !== group) tokens.push(names.program(notes[note].group));
        group = notes[note].group;
        spellNote(tokens, notes[note], layout, names);
      }
    }
  }
  return tokens;
}

function spellBar(tokens: string[], bar: Bar, previous: Bar | undefined, layout: RemiLayout): void {
  tokens.push('Bar');
  if (!layout.config.timeSignatures || (previous !== undefined && sameMeter(bar, previous))) return;
  tokens.push(`TimeSig_${bar.numerator}/${bar.denominator}`);
}

function spellNote(tokens: string[], note: GridNote, layout: RemiLayout, names: RemiTokens): void {
  tokens.push(`${note.group === DRUM_GROUP ? 'PitchDrum' : 'Pitch'}_${note.pitch}`);
  if (layout.config.velocityBins > 0) tokens.push(names.velocity(note.velocity));
  tokens.push(names.duration(note.duration));
}
