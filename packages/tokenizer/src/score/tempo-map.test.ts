import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TempoMap } from './tempo-map.js';

describe('TempoMap', () => {
  it('holds 120 quarters a minute before the first tempo', () => {
    const map = new TempoMap(100, [{ tick: 200, microsecondsPerQuarter: 250_000 }]);
    expect([0, 100, 200, 300].map((tick) => map.seconds(tick))).toEqual([0, 0.5, 1, 1.25]);
  });

  it('goes back from seconds to ticks', () => {
    const tempo = fc.record({ tick: fc.nat(5000), microsecondsPerQuarter: fc.integer({ min: 1000, max: 16_777_215 }) });
    fc.assert(
      fc.property(fc.array(tempo, { maxLength: 6 }), fc.nat(6000), (tempos, tick) => {
        const map = new TempoMap(96, [...new Map(tempos.map((t) => [t.tick, t])).values()]);
        expect(map.tick(map.seconds(tick))).toBeCloseTo(tick, 4);
      }),
    );
  });
});
