import type { RemiLayout } from './layout.js';
import {
  EMPTY_PIECE,
  lastPosition,
  tidyNotes,
  tidyPedals,
  type Bar,
  type GridNote,
  type GridPedal,
  type RemiPiece,
} from './piece.js';
import { RemiReader } from './reader.js';
import type { RemiTokens } from './tokens.js';

/** The piece that any sequence of strings spells; what cannot be understood is skipped. */
export function tokensToPiece(tokens: readonly string[], layout: RemiLayout, names: RemiTokens): RemiPiece {
  const bars: Bar[] = [];
  const tempos = new Map<number, number>();
  const read: GridNote[] = [];
  const feet: GridPedal[] = [];
  const reader = new RemiReader(layout, {
    // A time signature comes after its bar was opened, and replaces it.
    bar: (bar) => void (bars[bars.length - 1]?.start === bar.start ? (bars[bars.length - 1] = bar) : bars.push(bar)),
    tempo: (position, bin) => void tempos.set(position, bin),
    note: (note) => void read.push(note),
    pedal: (pedal) => void feet.push(pedal),
  });
  for (const name of tokens) {
    const token = names.parse(name);
    if (token !== undefined) reader.read(token);
  }
  const notes = tidyNotes(read, layout);
  if (notes.length === 0) return EMPTY_PIECE;
  const pedals = tidyPedals(feet, layout);
  const last = lastPosition(notes, pedals);
  return {
    bars: bars.filter(({ start }) => start <= last),
    tempos: changesOfTempo(tempos, last, layout),
    notes,
    pedals,
  };
}

function changesOfTempo(
  tempos: ReadonlyMap<number, number>,
  last: number,
  layout: RemiLayout,
): { position: number; bin: number }[] {
  if (!layout.config.tempo) return [];
  const all = [...tempos].map(([position, bin]) => ({ position, bin })).filter(({ position }) => position <= last);
  if (all[0]?.position !== 0) all.unshift({ position: 0, bin: layout.tempoBin(500_000) });
  return all.filter(({ bin }, i) => i === 0 || bin !== all[i - 1].bin);
}
