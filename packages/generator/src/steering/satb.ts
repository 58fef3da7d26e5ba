/** Customary ranges of the three lower voices: E2–C4, C3–G4, G3–D5. From the bass up. */
const VOICE_RANGES = [
  [40, 60],
  [48, 67],
  [55, 74],
] as const;

export const LOWER_VOICES = VOICE_RANGES.length;

/** What a voice may sing at one moment, so that those above and below it always find a place. */
export interface VoiceBounds {
  readonly lowest: readonly number[]; // [voice] from the bass up
  readonly highest: readonly number[];
}

/**
 * Bass, tenor and alto under a melody: at every moment from its first note to its last all three sing, in this order from
 * below, all below the melody. The bounds of each moment are such that a choice of one voice never takes the last place of
 * another: the greatest (least) allowed pitches that still leave one allowed pitch for each voice above (below).
 */
export class SatbLaw {
  readonly #bounds: (VoiceBounds | undefined)[];

  /**
   * @param melody pitch of the melody at each step from `start`; where it rests, the pitch before
   * @param pitches the pitches allowed at each step (1 = allowed), by key, chord and vocabulary
   */
  constructor(
    readonly start: number,
    private readonly melody: readonly number[],
    pitches: (step: number) => Uint8Array,
  ) {
    this.#bounds = melody.map((top, i) => boundsUnder(top, pitches(start + i)));
  }

  /** The step at which the last note of the melody ends. */
  get end(): number {
    return this.start + this.melody.length;
  }

  /** The first step at which three voices find no place below the melody; undefined where all do. */
  get impossibleAt(): number | undefined {
    const at = this.#bounds.indexOf(undefined);
    return at < 0 ? undefined : this.start + at;
  }

  at(step: number): VoiceBounds | undefined {
    return this.#bounds[step - this.start];
  }

  /** Whether `voice` may hold `pitch` at `step`. */
  allows(step: number, voice: number, pitch: number): boolean {
    const bounds = this.at(step);
    return bounds !== undefined && pitch >= bounds.lowest[voice] && pitch <= bounds.highest[voice];
  }
}

/** The voices keep to their ranges where these leave room; under a low melody they go lower. */
function boundsUnder(top: number, allowed: Uint8Array): VoiceBounds | undefined {
  for (let drop = 0; drop <= 24; drop += 12) {
    const bounds = boundsWith(top, allowed, drop);
    if (bounds !== undefined) return bounds;
  }
  return undefined;
}

function boundsWith(top: number, allowed: Uint8Array, drop: number): VoiceBounds | undefined {
  const lowest: number[] = [];
  for (const [from] of VOICE_RANGES) lowest.push(nextUp(allowed, Math.max(from - drop, (lowest.at(-1) ?? -1) + 1)));
  const highest: number[] = [];
  for (const [, to] of [...VOICE_RANGES].reverse())
    highest.unshift(nextDown(allowed, Math.min(to, (highest[0] ?? top) - 1)));
  return lowest.every((low, voice) => low <= highest[voice]) ? { lowest, highest } : undefined;
}

function nextUp(allowed: Uint8Array, from: number): number {
  for (let pitch = Math.max(0, from); pitch < 128; pitch++) if (allowed[pitch]) return pitch;
  return 128;
}

function nextDown(allowed: Uint8Array, from: number): number {
  for (let pitch = from; pitch >= 0; pitch--) if (allowed[pitch]) return pitch;
  return -1;
}
