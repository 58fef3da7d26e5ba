import type { Grammar } from '../scheme.js';
import type { FramePitch } from './frames.js';

export const FRAME_END = 'Frame';

export interface GridToken {
  readonly kind: 'pitch' | 'hold' | 'frame' | 'bos' | 'eos';
  readonly pitch: number;
}

/** Names of the tokens of one configuration. */
export class GridTokens {
  private readonly known = new Map<string, GridToken>([
    [FRAME_END, { kind: 'frame', pitch: -1 }],
    ['BOS', { kind: 'bos', pitch: -1 }],
    ['EOS', { kind: 'eos', pitch: -1 }],
  ]);

  constructor(low: number, high: number, holds: boolean) {
    for (let pitch = low; pitch <= high; pitch += 1) {
      this.known.set(`Pitch_${pitch}`, { kind: 'pitch', pitch });
      if (holds) this.known.set(`Hold_${pitch}`, { kind: 'hold', pitch });
    }
  }

  parse(name: string): GridToken | undefined {
    return this.known.get(name);
  }
}

/**
 * Falling pitches, then the end of the frame. A pitch can be held only if it sounded in the frame before.
 * The piece ends after a frame. The same state reads tokens for `decode`: what is not legal is skipped.
 */
export class GridGrammar implements Grammar {
  private begun = false;
  private ended = false;
  private frames = 0;
  private lowest = 128;
  private present: FramePitch[] = [];
  private before: ReadonlySet<number> = new Set();

  constructor(
    private readonly tokens: GridTokens,
    private readonly onFrame: (frame: FramePitch[]) => void = () => undefined,
  ) {}

  allows(name: string): boolean {
    const token = this.tokens.parse(name);
    return token !== undefined && this.legal(token);
  }

  push(name: string): void {
    const token = this.tokens.parse(name);
    if (token === undefined || !this.legal(token)) return;
    if (token.kind === 'bos') this.begun = true;
    else if (token.kind === 'eos') this.ended = true;
    else if (token.kind === 'frame') this.closeFrame();
    else {
      this.present.push({ pitch: token.pitch, held: token.kind === 'hold' });
      this.lowest = token.pitch;
    }
  }

  clone(): GridGrammar {
    const copy = new GridGrammar(this.tokens);
    const { begun, ended, frames, lowest, present, before } = this;
    return Object.assign(copy, { begun, ended, frames, lowest, present: [...present], before });
  }

  stateKey(): string {
    const start = this.frames === 0 && this.present.length === 0;
    const held = [...this.before].filter((pitch) => pitch < this.lowest).join(',');
    return `${this.ended} ${start && !this.begun} ${this.lowest} ${this.frames > 0} ${held}`;
  }

  /** The frame that has pitches but no end yet (a piece cut in the middle of a frame). */
  get unfinished(): readonly FramePitch[] {
    return this.present;
  }

  private closeFrame(): void {
    this.onFrame(this.present);
    this.before = new Set(this.present.map(({ pitch }) => pitch));
    this.present = [];
    this.lowest = 128;
    this.frames += 1;
  }

  private legal({ kind, pitch }: GridToken): boolean {
    if (this.ended) return false;
    switch (kind) {
      case 'bos':
        return !this.begun && this.frames === 0 && this.present.length === 0;
      case 'eos':
        return this.present.length === 0 && this.frames > 0;
      case 'frame':
        return true;
      case 'pitch':
        return pitch < this.lowest;
      case 'hold':
        return pitch < this.lowest && this.before.has(pitch);
    }
  }
}
