import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Windows } from './windows.js';

describe('windows', () => {
  it('never cross a piece, and are all there', () => {
    const lengths = fc.array(fc.nat(30), { maxLength: 20 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 7 }), (all, length, stride) => {
        let end = 0;
        const pieces = all.map((size) => ({ offset: (end += size) - size, length: size }));
        const expected = pieces.flatMap((piece, index) => {
          const places = [];
          for (let at = 0; at + length <= piece.length; at += stride)
            places.push({ piece: index, position: piece.offset + at });
          return places;
        });
        const windows = new Windows(pieces, length, stride);
        expect([...windows]).toEqual(expected);
        expect(windows.count).toBe(expected.length);
      }),
      { seed: 1 },
    );
  });

  it('refuse what is not there', () => {
    const windows = new Windows([{ offset: 0, length: 5 }], 3);
    expect(windows.count).toBe(3);
    expect(() => windows.at(3)).toThrow(/from 0 to 2/);
    expect(() => new Windows([], 0)).toThrow(RangeError);
  });
});
