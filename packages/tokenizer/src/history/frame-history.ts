import { FrameAlignment } from './frame-alignment.js';
import type { History } from './history.js';
import { Standing } from './standing.js';

/** Which ids mean what, in a vocabulary of frames. */
export interface FrameIds {
  /** V: also the value that says "nothing". */
  readonly vocabulary: number;
  readonly frameEnd: number;
  readonly bos: number | undefined;
  /** Pitch of each id, −1 of those without one. */
  readonly pitches: Int16Array;
}

/** Frames whose tokens are kept: as many as an alignment can lead back to. */
const KEPT_FRAMES = 2048;
/**
 * A strain comes again after two bars or more, and after whole ones: of 4, 6, 8 or 12 frames, two or more at a time. Likeness
 * over some four bars tells it from a figure of the accompaniment.
 */
const STRAIN = { counts: (frames: number) => frames >= 16 && (frames % 8 === 0 || frames % 12 === 0), fade: 4 };

/** What of a piece has been read, frame by frame, and what that says of the token to come. */
export class FrameHistory implements History {
  /** Tokens of the frames that are closed, without their ends; the oldest were forgotten. */
  private frames: (readonly number[])[] = [];
  private forgotten = 0;
  private present: number[] = [];
  private alignment = new FrameAlignment();
  private strains = new FrameAlignment(STRAIN);
  private highest = new Standing();
  private lowest = new Standing();
  /** Numbers of the frames met so far, by their tokens. Names only grow, so that copies can share them. */
  private names = new Map<string, number>();

  constructor(private readonly ids: FrameIds) {}

  push(id: number): void {
    if (id === this.ids.bos) this.present = [];
    else if (id === this.ids.frameEnd) this.close();
    else this.present.push(id);
  }

  /** Tokens of its frame that stand before the token to come. */
  get place(): number {
    return this.present.length;
  }

  /** Frames before its own. */
  get frame(): number {
    return this.forgotten + this.frames.length;
  }

  /** What stood at its place in the frame before; V in the first one. */
  get above(): number {
    const last = this.frames.at(-1);
    return last === undefined ? this.ids.vocabulary : (last[this.place] ?? this.ids.frameEnd);
  }

  /** What comes next if the piece goes on as it did after the likest earlier passage. V where no passage is like. */
  get repeat(): number {
    return this.likeFrame(this.alignment.follower);
  }

  /** How like that passage is, 0 … 256. */
  get likeness(): number {
    return this.alignment.best;
  }

  /** The same of passages that are whole bars back, 16 frames at least, compared over a longer time. */
  get strain(): number {
    return this.likeFrame(this.strains.follower);
  }

  /** How like that passage is, 0 … 256. */
  get strainLikeness(): number {
    return this.strains.best;
  }

  /** What comes next if the frame is that of so many frames before; V where the piece is not that long. */
  back(frames: number): number {
    return this.likeFrame(this.frame - frames);
  }

  /** For how many frames the highest pitch has been the one of the frame before. */
  get topStood(): number {
    return this.highest.frames;
  }

  /** The same of the lowest pitch: in a tune with chords, for how long the chord has lasted. */
  get bassStood(): number {
    return this.lowest.frames;
  }

  /** For how many frames the lowest pitch before that one stood. */
  get bassStoodBefore(): number {
    return this.lowest.framesBefore;
  }

  /** Of an earlier frame's pitches the highest one below the pitches that are there; V of a frame that is not known. */
  private likeFrame(number: number): number {
    const frame = number < 0 ? undefined : this.frames[number - this.forgotten];
    if (frame === undefined) return this.ids.vocabulary;
    const last = this.present.at(-1);
    const { pitches, frameEnd } = this.ids;
    const floor = last === undefined ? Infinity : (pitches[last] as number);
    return frame.find((id) => (pitches[id] as number) < floor) ?? frameEnd;
  }

  clone(): FrameHistory {
    const copy = new FrameHistory(this.ids);
    copy.frames = [...this.frames];
    copy.forgotten = this.forgotten;
    copy.present = [...this.present];
    copy.alignment = this.alignment.clone();
    copy.strains = this.strains.clone();
    copy.highest = this.highest.clone();
    copy.lowest = this.lowest.clone();
    copy.names = this.names;
    return copy;
  }

  private close(): void {
    const tokens = this.present;
    this.present = [];
    const key = tokens.join(' ');
    const name = this.names.get(key) ?? this.names.size;
    this.names.set(key, name);
    this.alignment.push(name, tokens[0] ?? -1);
    this.strains.push(name, tokens[0] ?? -1);
    this.highest.push(tokens[0] ?? -1);
    this.lowest.push(tokens.at(-1) ?? -1);
    this.frames.push(tokens);
    if (this.frames.length <= 2 * KEPT_FRAMES) return;
    this.frames = this.frames.slice(KEPT_FRAMES);
    this.forgotten += KEPT_FRAMES;
  }
}
