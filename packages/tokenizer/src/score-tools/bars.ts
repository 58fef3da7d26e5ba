import type { Score, TimeSignature } from '../score/score.js';

/** One bar; `length` may be shorter than its meter says where a change of meter cuts it. */
export interface ScoreBar {
  /** From 0. */
  readonly index: number;
  readonly tick: number;
  readonly length: number;
  readonly numerator: number;
  readonly denominator: number;
}

interface Stretch extends TimeSignature {
  readonly firstBar: number;
  /** Ticks of a whole bar; not always a whole number. */
  readonly barTicks: number;
  /** End of the stretch; Infinity for the last one. */
  readonly until: number;
}

/**
 * The bars of a score by its time signatures (4/4 before the first one), found by arithmetic, however long the piece is.
 * A signature inside a bar opens a new one, as in notation with an upbeat.
 */
export class BarMap {
  private readonly stretches: Stretch[] = [];
  /** Number of bars up to the end of the piece; 0 for a piece without length. */
  readonly count: number;

  constructor(score: Pick<Score, 'ticksPerQuarter' | 'timeSignatures' | 'endTick'>) {
    const { timeSignatures, ticksPerQuarter, endTick } = score;
    const default44 = timeSignatures[0]?.tick === 0 ? [] : [{ tick: 0, numerator: 4, denominator: 4 }];
    const signatures = [...default44, ...timeSignatures];
    let firstBar = 0;
    for (const [i, signature] of signatures.entries()) {
      const barTicks = (signature.numerator * 4 * ticksPerQuarter) / signature.denominator;
      const until = signatures[i + 1]?.tick ?? Infinity;
      this.stretches.push({ ...signature, firstBar, barTicks, until });
      firstBar += Math.ceil((until - signature.tick) / barTicks);
    }
    this.count = endTick <= 0 ? 0 : this.indexAt(endTick - 1) + 1;
  }

  /** Bar `index`; bars go on beyond the end of the piece. @throws RangeError for what is no bar number. */
  bar(index: number): ScoreBar {
    if (!Number.isInteger(index) || index < 0) throw new RangeError(`expected a bar number from 0 up, got ${index}`);
    const stretch = this.last((candidate) => candidate.firstBar <= index);
    const { numerator, denominator, barTicks, until } = stretch;
    const start = (bars: number): number => Math.min(until, stretch.tick + Math.round(bars * barTicks));
    const tick = start(index - stretch.firstBar);
    const length = start(index - stretch.firstBar + 1) - tick;
    return { index, tick, length, numerator, denominator };
  }

  /** Number of the bar that holds a tick. */
  indexAt(tick: number): number {
    const stretch = this.last((candidate) => candidate.tick <= tick);
    let index = stretch.firstBar + Math.max(0, Math.floor((tick - stretch.tick) / stretch.barTicks));
    // Bars of a fractional length begin at the nearest tick.
    while (this.bar(index + 1).tick <= tick) index += 1;
    while (index > 0 && this.bar(index).tick > tick) index -= 1;
    return index;
  }

  /** Bars up to the end of the piece, one by one. */
  *[Symbol.iterator](): Generator<ScoreBar> {
    for (let index = 0; index < this.count; index += 1) yield this.bar(index);
  }

  private last(begun: (stretch: Stretch) => boolean): Stretch {
    return this.stretches.findLast(begun) ?? this.stretches[0];
  }
}
