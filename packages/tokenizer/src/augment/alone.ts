import type { Score, Track } from '../score/score.js';
import { BarMap } from '../score-tools/bars.js';
import { cutBars, joinScores } from '../score-tools/sections.js';
import { partOf, type PartName } from '../table/instrument-families.js';

/** A part of fewer notes is a stroke or a fill, nothing to learn a part by. */
const FEWEST_NOTES = 16;
/** Whole bars of rest that are left as they are; where a part rests for longer, it waits for the others. */
const LONGEST_REST = 1;

/**
 * The tracks of one part without the others. Bars before it comes in are cut, and so are those in which it waits for the
 * others: by itself it has nothing to wait for. It begins on a bar line and keeps its place in the bar throughout.
 * @returns undefined where there is no such part, or hardly one, and where nothing else plays
 */
export function partAlone(score: Score, part: PartName): Score | undefined {
  const sounding = score.tracks.filter(({ notes }) => notes.length > 0);
  const tracks = sounding.filter((track) => partOf(track) === part);
  const notes = tracks.reduce((sum, track) => sum + track.notes.length, 0);
  if (tracks.length === sounding.length || notes < FEWEST_NOTES) return undefined;
  const alone = { ...score, tracks };
  return joinScores(passages(alone, tracks).map(([first, end]) => cutBars(alone, first, end)));
}

/** Where the tracks play: bars from … to (not included), with no longer rest in between. */
function passages(score: Score, tracks: readonly Track[]): [first: number, end: number][] {
  const bars = new BarMap(score);
  const found: [first: number, end: number][] = [];
  const notes = tracks.flatMap((track) => track.notes).sort((a, b) => a.tick - b.tick);
  for (const { tick, duration } of notes) {
    const [first, end] = [bars.indexAt(tick), bars.indexAt(tick + duration - 1) + 1];
    const last = found.at(-1);
    if (last === undefined || first - last[1] > LONGEST_REST) found.push([first, end]);
    else last[1] = Math.max(last[1], end);
  }
  return found;
}
