import { type LiveMusic, type LiveNote, type LiveSign } from '@rondo/generator';
import type { Score, Track } from '@rondo/tokenizer';

const TICKS_PER_QUARTER = 480;
const START: LiveSign = { start: 0, microsecondsPerQuarter: 500_000 };

/** All notes of live music as a score with its tempos, meters and keys, so that its bars are those of any other program. */
export async function gatherScore(music: LiveMusic, signal: AbortSignal): Promise<Score> {
  signal.addEventListener('abort', () => music.stop(), { once: true });
  const notes: LiveNote[] = [];
  for await (const note of music) notes.push(note);
  const ruler = new TickRuler(music.signs);
  const tracks = new Map<string, Track>();
  let endTick = 0;
  for (const note of notes) {
    const tick = ruler.tick(note.start);
    const duration = Math.max(1, ruler.tick(note.start + note.duration) - tick);
    trackOf(tracks, note).notes.push({ tick, duration, pitch: note.pitch, velocity: note.velocity });
    endTick = Math.max(endTick, tick + duration);
  }
  const { tempos, timeSignatures } = ruler;
  return {
    ticksPerQuarter: TICKS_PER_QUARTER,
    tempos: tempos.filter(({ tick }) => tick < Math.max(1, endTick)),
    timeSignatures: timeSignatures.filter(({ tick }) => tick < Math.max(1, endTick)),
    keySignatures: ruler.keySignatures.filter(({ tick }) => tick < Math.max(1, endTick)),
    tracks: [...tracks.values()],
    endTick,
  };
}

/** Seconds as ticks under changing tempos. */
class TickRuler {
  readonly tempos: Score['tempos'] = [];
  readonly timeSignatures: Score['timeSignatures'] = [];
  readonly keySignatures: Score['keySignatures'] = [];
  readonly #points: { readonly sign: LiveSign; readonly tick: number }[] = [];

  constructor(signs: readonly LiveSign[]) {
    for (const sign of signs.length === 0 ? [START] : signs) {
      const tick = this.#points.length === 0 ? 0 : this.tick(sign.start);
      const before = this.#points.at(-1)?.sign;
      const { microsecondsPerQuarter, meter, key } = sign;
      if (before?.microsecondsPerQuarter !== microsecondsPerQuarter) this.tempos.push({ tick, microsecondsPerQuarter });
      if (meter !== undefined && !isHeld(this.timeSignatures.at(-1), meter))
        this.timeSignatures.push({ tick, ...meter });
      const held = this.keySignatures.at(-1);
      if (key !== undefined && (held?.fifths !== key.fifths || held.mode !== key.mode))
        this.keySignatures.push({ tick, ...key });
      this.#points.push({ sign, tick });
    }
  }

  tick(seconds: number): number {
    const { sign, tick } = this.#points.findLast((point) => point.sign.start <= seconds + 1e-9) ?? this.#points[0];
    return tick + Math.round(((seconds - sign.start) * 1e6 * TICKS_PER_QUARTER) / sign.microsecondsPerQuarter);
  }
}

function isHeld(a: Score['timeSignatures'][number] | undefined, b: NonNullable<LiveSign['meter']>): boolean {
  return a?.numerator === b.numerator && a.denominator === b.denominator;
}

function trackOf(tracks: Map<string, Track>, { program, isDrum }: LiveNote): Track {
  const key = isDrum ? 'drums' : String(program);
  const known = tracks.get(key) ?? { name: '', program: isDrum ? 0 : program, isDrum, notes: [], pedals: [] };
  tracks.set(key, known);
  return known;
}
