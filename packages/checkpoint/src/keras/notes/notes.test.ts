import { describe, expect, it } from 'vitest';
import { KerasError } from '../errors.js';
import { readNotes } from './read-notes.js';

const text = (value: string) => Buffer.from(value, 'latin1');
const tokens = (bytes: Uint8Array) => readNotes(bytes, 'notes').vocabulary.tokens;
const ids = (bytes: Uint8Array) => Array.from(readNotes(bytes, 'notes').corpus ?? []);

// ['E-5', '4.7.11', 'E-5', 'A4'] by Python's pickle.dumps, one for each protocol.
const PICKLES = [
  '(lp0\nVE-5\np1\naV4.7.11\np2\nag1\naVA4\np3\na.',
  ']q\x00(X\x03\x00\x00\x00E-5q\x01X\x06\x00\x00\x004.7.11q\x02h\x01X\x02\x00\x00\x00A4q\x03e.',
  '\x80\x02]q\x00(X\x03\x00\x00\x00E-5q\x01X\x06\x00\x00\x004.7.11q\x02h\x01X\x02\x00\x00\x00A4q\x03e.',
  '\x80\x04\x95\x1b\x00\x00\x00\x00\x00\x00\x00]\x94(\x8c\x03E-5\x94\x8c\x064.7.11\x94h\x01\x8c\x02A4\x94e.',
];

describe('notes', () => {
  it.each(PICKLES)('are read from a pickle of any protocol (%#)', (pickle) => {
    expect(tokens(text(pickle))).toEqual(['4.7.11', 'A4', 'E-5']);
    expect(ids(text(pickle))).toEqual([2, 0, 2, 1]);
  });

  it('may be a set, as Python 3 pickles it with protocol 4 and as protocol 2 does', () => {
    const four = '\x80\x04\x95\x16\x00\x00\x00\x00\x00\x00\x00\x8f\x94(\x8c\x02B4\x94\x8c\x02A4\x94\x90.';
    const two =
      '\x80\x02c__builtin__\nset\nq\x00]q\x01(X\x02\x00\x00\x00B4q\x02X\x02\x00\x00\x00A4q\x03e\x85q\x04Rq\x05.';
    for (const pickle of [four, two]) expect(tokens(text(pickle))).toEqual(['A4', 'B4']);
  });

  it('may be JSON: a corpus, pieces, a vocabulary, or an object that names one', () => {
    expect(ids(text('["B4", "A4", "B4"]'))).toEqual([1, 0, 1]);
    expect(ids(text('[["B4", "A4"], ["B4"]]'))).toEqual([1, 0, 1]);
    expect(readNotes(text('["B4", "A4"]'), 'notes').corpus).toBeUndefined();
    expect(tokens(text('{"vocabulary": ["B4", "A4"]}'))).toEqual(['A4', 'B4']);
  });

  it('keep the numbers that a table of them gives', () => {
    expect(tokens(text('{"B4": 0, "A4": 1}'))).toEqual(['B4', 'A4']);
    expect(tokens(text('}(X\x02\x00\x00\x00B4K\x00X\x02\x00\x00\x00A4K\x01u.'))).toEqual(['B4', 'A4']);
  });

  it('sorts as Python does, by code points', () => {
    expect(tokens(Buffer.from(JSON.stringify(['\u{1F600}', '\uFFFD', 'a', 'B', '1.2', '10.2'])))).toEqual([
      '1.2',
      '10.2',
      'B',
      'a',
      '\uFFFD',
      '\u{1F600}',
    ]);
  });

  it.each([
    ["cos\nsystem\n(S'echo hello'\ntR.", /would have Python run "os.system"/],
    ['\x80\x04\x8c\x05posix\x8c\x06system\x93.', /would have Python run "posix.system"/],
    ['c__builtin__\neval\n(V1\ntR.', /__builtin__.eval/],
    [']q\x00(X\xff\xff\xff\xff', /cut short/],
    ['\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff.', /cut short/],
    ['h\x05.', /recalls 5/],
    ['e.', /mark is missing/],
    ['K\x01.', /holds a number/],
    [']K\x01a.', /entry 0 is a number/],
    [']].', /holds no notes/],
    [']2a.', /holds no notes|entry 0/],
    ['', /cut short/],
    ['[1, 2', /no JSON/],
    ['{"music": []}', /without notes, vocabulary/],
    ['[]', /holds no notes/],
  ])('refuses %j with a reason', (content, reason) => {
    const read = () => readNotes(text(content), 'notes.pickle');
    expect(read).toThrow(KerasError);
    expect(read).toThrow(reason);
  });

  it('refuses lists so deep that nothing may walk them by calling itself', () => {
    const deep = 50_000;
    const pickle = `${']'.repeat(deep)}${'a'.repeat(deep - 1)}]\x93.`;
    expect(() => readNotes(text(pickle), 'notes.pickle')).toThrow(/a name in it is no text/);
    const json = `${'['.repeat(deep)}${']'.repeat(deep)}`;
    expect(() => readNotes(text(json), 'notes.json')).toThrow(/entry 0 is a list/);
  });
});
