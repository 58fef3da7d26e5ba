import type { Score, TimeSignature } from '@rondo/tokenizer';

/** One bar of a piece. `beatTicks` is the distance of its beat lines (a dotted beat in compound meters). */
export interface Bar {
  /** 1 for the first bar. */
  number: number;
  start: number;
  end: number;
  beatTicks: number;
  signature: { numerator: number; denominator: number };
}

/**
 * The bars of a score, from tick 0 to its end; the last one is whole even where the piece ends inside it.
 * A time signature that comes inside a bar cuts that bar short, as notation programs do.
 * @param most stop after this many bars: a broken file can have millions
 */
export function barsOf(score: Score, most = Infinity): Bar[] {
  const bars: Bar[] = [];
  let next = 0;
  let signature: TimeSignature = { tick: 0, numerator: 4, denominator: 4 };
  const changes = score.timeSignatures;
  const end = Math.max(1, score.endTick);
  for (let start = 0; start < end && bars.length < most; ) {
    while (next < changes.length && changes[next].tick <= start) signature = changes[next++];
    const length = Math.max(1, Math.round((signature.numerator * 4 * score.ticksPerQuarter) / signature.denominator));
    const stop = Math.min(start + length, next < changes.length ? changes[next].tick : Infinity);
    bars.push({
      number: bars.length + 1,
      start,
      end: stop,
      beatTicks: beatTicks(signature, score.ticksPerQuarter),
      signature: { numerator: signature.numerator, denominator: signature.denominator },
    });
    start = stop;
  }
  return bars;
}

function beatTicks({ numerator, denominator }: TimeSignature, ticksPerQuarter: number): number {
  const unit = (4 * ticksPerQuarter) / denominator;
  const compound = denominator >= 8 && numerator > 3 && numerator % 3 === 0;
  return Math.max(1, Math.round(compound ? unit * 3 : unit));
}

/** Minutes and seconds, `1:04`; hours only where there are some. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
