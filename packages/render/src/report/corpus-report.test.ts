import { CorpusStatistics } from '@rondo/tokenizer';
import { parseHTML } from 'linkedom/worker';
import { describe, expect, it } from 'vitest';
import { line, scoreOf, track, twoHands } from '../testing/scores.js';
import { hasBadNumbers, textsOf } from '../testing/svg.js';
import { barsSvg } from './bars.js';
import { columnsSvg } from './columns.js';
import { corpusReportHtml } from './corpus-report.js';

const drums = scoreOf([track(line([[36, 1], [38, 1], [36, 1]]), { isDrum: true })]); // prettier-ignore
const pieces = [
  { file: 'two hands.mid', score: twoHands(40) },
  { file: '<script>alert("x")</script>.mid', score: scoreOf([track(line([[60, 1], [64, 1], [67, 2]]), { program: 40 })]) }, // prettier-ignore
  { file: 'drums.mid', score: drums },
];

function report(): string {
  const corpus = new CorpusStatistics();
  for (const { file, score } of pieces) corpus.add(file, score);
  const skipped = [{ file: 'bad.mid', reason: 'it is <empty>' }];
  return corpusReportHtml(corpus.summary(), { title: 'Bach & sons', rolls: pieces, skipped });
}

describe('corpusReportHtml', () => {
  const html = report();
  const { document } = parseHTML(html);

  it('is one page with a line for each file, a picture of each distribution and a roll of each piece', () => {
    expect(document.querySelector('h1')?.textContent).toBe('Bach & sons');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(3);
    const titles = [...document.querySelectorAll('figure > svg > title')].map(({ textContent }) => textContent);
    expect(titles).toEqual([
      'Pitch',
      'Pitch class',
      'Steps between onsets',
      'Durations',
      'Velocity',
      'Tempo at the start',
      'Key',
      'Meter at the start',
      'Instruments',
      ...pieces.map(({ file }) => file),
    ]);
    expect(hasBadNumbers(html)).toBe(false);
    const cells = [...document.querySelectorAll('tbody tr:nth-child(3) td')].map(({ textContent }) => textContent);
    expect(cells.slice(0, 5)).toEqual(['drums.mid', '3', '1.5', '–', '–']);
  });

  it('loads nothing and runs nothing that stands in a file name or a reason', () => {
    expect(html).not.toMatch(/(?:src|href)=|@import|url\(/);
    expect(html).not.toContain('<script>alert');
    expect(document.querySelectorAll('script')).toHaveLength(1);
    expect(document.querySelector('li')?.textContent).toBe('bad.mid: it is <empty>');
    expect(html).toContain("default-src 'none'");
  });

  it('draws only the first bars of long pieces', () => {
    const roll = document.querySelectorAll('section:nth-of-type(4) figure')[0].innerHTML;
    expect(textsOf(roll)).toContain('16');
    expect(textsOf(roll)).not.toContain('17');
  });

  it('sorts its table by a click, numbers by size, and turns round at the second one', () => {
    const script = document.querySelector('script')?.textContent ?? '';
    new Function('document', script)(document);
    const heads = [...document.querySelectorAll('th')];
    const head = heads.find(({ textContent }) => textContent === 'notes') as HTMLTableCellElement;
    const notes = (): number[] => [...document.querySelectorAll('tbody tr')].map((row) => Number(row.children[1].textContent)); // prettier-ignore
    Object.defineProperties(head, { cellIndex: { value: heads.indexOf(head) } });
    const table = document.querySelector('table') as unknown as HTMLTableElement;
    const body = document.querySelector('tbody') as HTMLTableSectionElement;
    Object.defineProperty(table, 'tBodies', { value: [body] });
    Object.defineProperty(body, 'rows', { get: () => [...body.children] });
    for (const row of body.children) Object.defineProperty(row, 'cells', { value: [...row.children] });
    const before = notes();
    head.click();
    expect(notes()).toEqual([...before].sort((a, b) => b - a));
    head.click();
    expect(notes()).toEqual([...before].sort((a, b) => a - b));
  });

  it('of an empty corpus says so', () => {
    const empty = corpusReportHtml(new CorpusStatistics().summary());
    expect(empty).toContain('No notes');
    expect(hasBadNumbers(empty)).toBe(false);
  });
});

describe('the charts of a report', () => {
  it('put what does not fit into one bar, and say how much lies beyond the last column', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ name: `n${i}`, count: 30 - i }));
    const texts = textsOf(barsSvg(many, { unit: 'files', most: 5, title: 'T' }));
    expect(texts).toContain('25 more');
    expect(texts).toContain('465 files');
    const histogram = { edges: [0, 1, 2, 3], counts: [0, 5, 0], over: 7 };
    const columns = columnsSvg(histogram, { unit: 'notes', xLabel: 'seconds', title: 'T' });
    expect(textsOf(columns)).toContain('12 notes · 7 beyond 3 not shown');
  });
});
