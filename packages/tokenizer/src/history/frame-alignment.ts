/** Frames that are looked back to; older ones are forgotten. */
const WINDOW = 1024;
/** Likeness of a passage that repeats to the note for ever. */
const WHOLE = 256;
/** An equal frame counts four times as much as one with the same highest pitch alone. */
const TOP_SHARE = 4;

/** Which passages are compared, and over how long a time. */
export interface AlignmentOptions {
  /** Whether passages so many frames back are looked at; by default all are, which lets a chord that lasts be like itself. */
  counts?: (frames: number) => boolean;
  /** Likeness fades by one part in 2^fade a frame. */
  fade?: number;
}

/**
 * The earlier passage of a piece that is most like the frames just heard: what followed it is a guess at what comes.
 * Integer arithmetic, so that every machine finds the same one.
 */
export class FrameAlignment {
  /** What a frame is, and its highest token, as numbers that are equal where these are. */
  private names = new Int32Array(2 * WINDOW);
  private tops = new Int32Array(2 * WINDOW);
  /** How like the passage up to each frame is to the one up to the newest. */
  private likeness = new Int32Array(2 * WINDOW);
  private count = 0;
  /** Frames that were forgotten. */
  private dropped = 0;
  /** The frame that followed the likest passage, counted from the beginning of the piece; −1 where nothing is like. */
  follower = -1;
  /** Likeness of that passage, 0 … 256. */
  best = 0;

  constructor(private readonly options: AlignmentOptions = {}) {}

  push(name: number, top: number): void {
    if (this.count === 2 * WINDOW) this.forget();
    const { names, tops, likeness } = this;
    const { counts, fade = 3 } = this.options;
    const kept = (1 << fade) - 1;
    const [sameFrame, sameTop] = [WHOLE >> fade, (WHOLE >> fade) / TOP_SHARE];
    let [best, at] = [0, -1];
    for (let frame = this.count - 1; frame >= 0; frame--) {
      if (counts?.(this.count - frame) === false) continue;
      const before = frame > 0 ? (likeness[frame - 1] as number) : 0;
      const same = names[frame] === name ? sameFrame : tops[frame] === top ? sameTop : 0;
      const now = ((before * kept) >> fade) + same;
      likeness[frame] = now;
      // Of passages that are equally like, the latest.
      if (now > best) [best, at] = [now, frame];
    }
    names[this.count] = name;
    tops[this.count] = top;
    likeness[this.count] = 0;
    this.count++;
    this.best = best;
    this.follower = at < 0 ? -1 : this.dropped + at + 1;
  }

  clone(): FrameAlignment {
    const copy = new FrameAlignment(this.options);
    const { count, dropped, follower, best } = this;
    for (const list of ['names', 'tops', 'likeness'] as const) copy[list].set(this[list].subarray(0, count));
    return Object.assign(copy, { count, dropped, follower, best });
  }

  private forget(): void {
    for (const list of [this.names, this.tops, this.likeness]) list.copyWithin(0, WINDOW);
    this.count -= WINDOW;
    this.dropped += WINDOW;
  }
}
