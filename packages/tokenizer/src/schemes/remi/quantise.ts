import type { Score, Track } from '../../score/score.js';
import { layOutBars } from './bars.js';
import { DRUM_GROUP, type RemiLayout } from './layout.js';
import { tidyNotes, type GridNote, type RemiPiece } from './piece.js';

/** Puts a score on the grid of the layout: everything that the tokens will say, and nothing else. */
export function scoreToPiece(score: Score, layout: RemiLayout): RemiPiece {
  const notes = tidyNotes(
    score.tracks.flatMap((track) => gridNotes(track, score.ticksPerQuarter, layout)),
    layout,
  );
  if (notes.length === 0) return { bars: [], tempos: [], notes };
  const last = notes[notes.length - 1].position;
  return { bars: layOutBars(score, last, layout), tempos: gridTempos(score, last, layout), notes };
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
