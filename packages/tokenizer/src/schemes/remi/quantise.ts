import type { Pedal, Score, Track } from '../../score/score.js';
import { joinPedals } from '../../score-tools/pedals.js';
import { layOutBars } from './bars.js';
import { DRUM_GROUP, type RemiLayout } from './layout.js';
import {
  EMPTY_PIECE,
  lastPosition,
  tidyNotes,
  tidyPedals,
  type GridNote,
  type GridPedal,
  type RemiPiece,
} from './piece.js';

/** Puts a score on the grid of the layout: everything that the tokens will say, and nothing else. */
export function scoreToPiece(score: Score, layout: RemiLayout): RemiPiece {
  const notes = tidyNotes(
    score.tracks.flatMap((track) => gridNotes(track, score.ticksPerQuarter, layout)),
    layout,
  );
  if (notes.length === 0) return EMPTY_PIECE;
  const pedals = gridPedals(score, layout);
  const last = lastPosition(notes, pedals);
  return { bars: layOutBars(score, last, layout), tempos: gridTempos(score, last, layout), notes, pedals };
}

/** The pedals of each program; where several of its tracks have one, it is down as long as any of them is. */
function gridPedals(score: Score, layout: RemiLayout): GridPedal[] {
  if (layout.config.pedals !== true) return [];
  const groups = new Map<number, Pedal[]>();
  for (const { isDrum, program, pedals } of score.tracks) {
    const group = layout.config.programs ? program : 0;
    if (!isDrum) groups.set(group, [...(groups.get(group) ?? []), ...pedals]);
  }
  const position = (tick: number): number => layout.position(tick, score.ticksPerQuarter);
  const spans = [...groups].flatMap(([group, pedals]) =>
    joinPedals(pedals).map(({ tick, duration }) => ({
      position: position(tick),
      group,
      duration: layout.duration(position(duration)),
    })),
  );
  return tidyPedals(spans, layout);
}

function gridNotes(track: Track, ticksPerQuarter: number, layout: RemiLayout): GridNote[] {
  const { config } = layout;
  if (track.isDrum && !config.drums) return [];
  const group = track.isDrum ? DRUM_GROUP : config.programs ? track.program : 0;
  const [low, high] = track.isDrum ? [0, 127] : config.pitchRange;
  return track.notes
    .filter(({ pitch }) => pitch >= low && pitch <= high)
    .map(({ tick, duration, pitch, velocity }) => ({
      position: layout.position(tick, ticksPerQuarter),
      group,
      pitch,
      velocity: layout.velocityBin(velocity),
      duration: layout.duration(layout.position(duration, ticksPerQuarter)),
    }));
}

/** The tempo at the start and every change up to the last onset; the last of several at one position counts. */
function gridTempos(score: Score, last: number, layout: RemiLayout): { position: number; bin: number }[] {
  if (!layout.config.tempo) return [];
  const at = new Map<number, number>([[0, layout.tempoBin(500_000)]]);
  for (const { tick, microsecondsPerQuarter } of score.tempos) {
    const position = layout.position(tick, score.ticksPerQuarter);
    if (position <= last) at.set(position, layout.tempoBin(microsecondsPerQuarter));
  }
  const sorted = [...at].map(([position, bin]) => ({ position, bin })).sort((a, b) => a.position - b.position);
  return sorted.filter(({ bin }, i) => i === 0 || bin !== sorted[i - 1].bin);
}
