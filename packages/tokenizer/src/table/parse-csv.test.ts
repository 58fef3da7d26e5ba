import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from './parse-csv.js';

describe('parseCsv', () => {
  it('reads quotes, commas and line ends inside them, empty fields and short rows', () => {
    const text = '\uFEFFfile,genre\r\n"a, b.mid","say ""hi""\nthere"\r\n\r\nc.mid,\nd.mid';
    expect(parseCsv(text)).toEqual([
      { file: 'a, b.mid', genre: 'say "hi"\nthere' },
      { file: 'c.mid', genre: '' },
      { file: 'd.mid', genre: '' },
    ]);
    expect(parseCsv('')).toEqual([]);
  });

  it('gives back what was written with every field in quotes', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') });
    const rows = fc.array(fc.record({ x: cell, y: cell }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, (all) => {
        const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
        const text = ['x,y', ...all.map(({ x, y }) => `${quote(x)},${quote(y)}`)].join('\n');
        expect(parseCsv(text)).toEqual(all);
      }),
    );
  });
});
