import type { Score } from '../../score/score.js';
import { TokenizerError } from '../../tokenizer/tokenizer-error.js';
import type { RemiLayout } from './layout.js';
import type { Bar } from './piece.js';

const MAX_BARS = 100_000;

interface MeterSpan {
  start: number;
  numerator: number;
  denominator: number;
}

/**
 * Bars from the start of the piece to the one that holds position `last`. A change of meter inside a bar cuts the bar
 * short: it gets the meter of what is left of it, so that an upbeat written as a cut bar stays one.
 * @throws TokenizerError RONDO_SCHEME_TOO_LONG beyond 100,000 bars.
 */
export function layOutBars(score: Score, last: number, layout: RemiLayout): Bar[] {
  const spans = meterSpans(score, layout);
  const bars: Bar[] = [];
  for (const [i, span] of spans.entries()) {
    const end = i + 1 < spans.length ? spans[i + 1].start : Infinity;
    const meter = layout.nearestMeter(span.numerator, span.denominator);
    for (let start = span.start; start < end && start <= last; ) {
      const bar = end - start < meter.length ? layout.meterOfLength(end - start) : meter;
      bars.push({ ...bar, start });
      if (bars.length > MAX_BARS) {
        throw new TokenizerError(
          'RONDO_SCHEME_TOO_LONG',
          `the piece has more than ${MAX_BARS} bars before its last note: cut the silence or split the file`,
        );
      }
      start += bar.length;
    }
  }
  return bars;
}

/** Changes of meter, moved to the finest note value that a meter can be written in; repeats left out. */
function meterSpans(score: Score, layout: RemiLayout): MeterSpan[] {
  const spans: MeterSpan[] = [{ start: 0, numerator: 4, denominator: 4 }];
  if (!layout.config.timeSignatures) return spans;
  for (const { tick, numerator, denominator } of score.timeSignatures) {
    const current = spans[spans.length - 1];
    if (current.numerator === numerator && current.denominator === denominator) continue;
    const position = layout.position(tick, score.ticksPerQuarter);
    const start = Math.round(position / layout.meterUnit) * layout.meterUnit;
    if (start > current.start) spans.push({ start, numerator, denominator });
    else Object.assign(current, { numerator, denominator });
  }
  return spans;
}
