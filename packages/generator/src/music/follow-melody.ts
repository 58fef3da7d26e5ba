import type { Note } from '@rondo/tokenizer';

/** A moment as the tokens spell it, and as it is played. */
export type Anchor = readonly [spelt: number, played: number];

/**
 * The moments at which a melody's notes begin, and its end. Notes that the tokens leave out are none.
 * @param spelt the melody as the tokens spell it, `played` as it is; both in the same resolution
 * @param most how many ticks the two are apart at most
 */
export function anchorsOf(spelt: readonly Note[], played: readonly Note[], most: number): Anchor[] {
  const anchors: Anchor[] = [];
  const add = (from: number, to: number) => {
    const last = anchors.at(-1);
    if (last === undefined || (from > last[0] && to > last[1])) anchors.push([from, to]);
  };
  let next = 0;
  for (const { tick, pitch } of spelt) {
    const isIt = (note: Note) => note.pitch === pitch && Math.abs(note.tick - tick) <= most;
    const at = played.findIndex((note, i) => i >= next && isIt(note));
    if (at < 0) continue;
    add(tick, played[at].tick);
    next = at + 1;
  }
  if (spelt.length > 0 && played.length > 0) add(Math.max(...spelt.map(endOf)), Math.max(...played.map(endOf)));
  return anchors;
}

/** A voice made under the spelt melody, moved so that it begins, goes on and ends with the played one. */
export function follow(voice: readonly Note[], anchors: readonly Anchor[]): Note[] {
  return voice.map((note) => {
    const tick = playedAt(note.tick, anchors);
    return { ...note, tick, duration: Math.max(1, playedAt(endOf(note), anchors) - tick) };
  });
}

/**
 * The same where the tokens tell frames alone and not where between them a note begins: the voice stays as it is and is there
 * from the melody's first moment to its last.
 */
export function asLong(voice: readonly Note[], melody: readonly Note[]): Note[] {
  const begin = Math.min(...melody.map(({ tick }) => tick));
  const end = Math.max(...melody.map(endOf));
  return voice.map((note, i) => {
    const tick = i === 0 ? Math.min(note.tick, begin) : note.tick;
    const until = i === voice.length - 1 ? Math.max(endOf(note), end) : endOf(note);
    return { ...note, tick, duration: until - tick };
  });
}

/** Straight lines between the anchors; before the first and after the last everything is moved as they are. */
function playedAt(tick: number, anchors: readonly Anchor[]): number {
  const next = anchors.findIndex(([spelt]) => spelt > tick);
  if (anchors.length === 0) return tick;
  if (next === 0) return Math.max(0, tick + anchors[0][1] - anchors[0][0]);
  const [from, to] = anchors[next < 0 ? anchors.length - 1 : next - 1];
  if (next < 0) return tick + to - from;
  const [fromNext, toNext] = anchors[next];
  return to + Math.round(((tick - from) * (toNext - to)) / (fromNext - from));
}

function endOf({ tick, duration }: Note): number {
  return tick + duration;
}
