import { createScheme, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { melody } from '../testing/toy-dataset.js';
import { encodePieces } from './encode-pieces.js';

const known = melody([60, 62, 64, 62]);
const scores = [
  { file: 'known.mid', score: known },
  { file: 'other.mid', score: melody([60, 61, 62]) },
  { file: 'again.mid', score: melody([64, 60]) },
];

function tokenizerOf(options: Parameters<typeof createScheme>[0]): Tokenizer {
  const scheme = createScheme(options);
  return new Tokenizer(scheme, Vocabulary.build(scheme.encode(known), { specials: scheme.specials }));
}

describe('encodePieces', () => {
  it('sets pieces aside that a vocabulary without UNK has no ids for, and says why', () => {
    const tokenizer = tokenizerOf({ name: 'chord' });
    expect(tokenizer.unk).toBeUndefined();
    const { pieces, skipped } = encodePieces(tokenizer, scores);
    expect(pieces).toEqual([
      { file: 'known.mid', ids: tokenizer.encode(known) },
      { file: 'again.mid', ids: tokenizer.encode(melody([64, 60])) },
    ]);
    expect(skipped).toEqual([{ file: 'other.mid', reason: expect.stringMatching(/"C#4".*not in the vocabulary/) }]);
  });

  it('skips nothing where there is UNK', () => {
    const tokenizer = tokenizerOf({ name: 'grid', grid: '1/8' });
    const { pieces, skipped } = encodePieces(tokenizer, scores);
    expect(skipped).toEqual([]);
    expect(pieces.map(({ file }) => file)).toEqual(scores.map(({ file }) => file));
    expect(pieces[1]?.ids).toContain(tokenizer.unk);
  });

  it('lets every other failure through', () => {
    const scheme = createScheme({ name: 'chord' });
    const broken = Object.assign(Object.create(scheme), {
      encode: () => {
        throw new RangeError('broken');
      },
    });
    const tokenizer = new Tokenizer(broken, Vocabulary.build(scheme.encode(known), { specials: false }));
    expect(() => encodePieces(tokenizer, scores)).toThrow(new RangeError('broken'));
  });
});
