import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../seeded.js';
import { createScheme } from '../schemes/registry.js';
import type { Scheme } from '../schemes/scheme.js';
import { drawnTunes } from '../testing/corpus-tunes.js';
import { scoreArbitrary } from '../testing/score-arbitrary.js';
import { learnMerges } from './learn-merges.js';
import { GAP } from './linked-ids.js';
import type { Merge } from './merge-table.js';
import { Tokenizer } from './tokenizer.js';
import { Vocabulary } from './vocabulary.js';

/** Tunes that come back to a phrase, and any scores: so that there is something to merge, and everything to spell. */
function mergedTokenizer(scheme: Scheme): { plain: Tokenizer; merged: Tokenizer } {
  const scores = [...drawnTunes(12), ...fc.sample(scoreArbitrary, { numRuns: 60, seed: 5 })];
  const vocabulary = Vocabulary.build(scores.flatMap((score) => scheme.encode(score)), { specials: true });
  const plain = new Tokenizer(scheme, vocabulary);
  const bar = vocabulary.id('Bar');
  const ids = scores.flatMap((score) => [...plain.encode(score).slice(1, -1), GAP]);
  const merges: Merge[] = [];
  for (const merge of learnMerges(Int32Array.from(ids), vocabulary.size, new Set(bar === undefined ? [] : [bar]))) {
    if (merges.push(merge) === 400) break;
  }
  return { plain, merged: new Tokenizer(scheme, vocabulary, [], merges) };
} // prettier-ignore

describe.each(['remi', 'performance'])('merged tokens of %s', (name) => {
  const scheme = createScheme(name);
  let plain: Tokenizer;
  let merged: Tokenizer;
  beforeAll(() => void ({ plain, merged } = mergedTokenizer(scheme)));

  it('decode(encode(s)) is that of the plain tokens, in fewer ids', () => {
    let [long, short] = [0, 0];
    fc.assert(
      fc.property(scoreArbitrary, (score) => {
        const [a, b] = [plain.encode(score), merged.encode(score)];
        expect(merged.decode(b)).toEqual(plain.decode(a));
        expect([...b].flatMap((id) => merged.spell(id))).toEqual(plain.tokens(a));
        expect(merged.countNotes(b)).toBe(plain.countNotes(a));
        [long, short] = [long + a.length, short + b.length];
      }),
      { numRuns: 100, seed: 6 },
    );
    expect(merged.merges.length).toBeGreaterThan(300);
    expect(short).toBeLessThan(0.9 * long);
  });

  it('are saved and restored exactly', () => {
    const text = JSON.stringify(merged.toJSON());
    const restored = Tokenizer.fromJSON(JSON.parse(text));
    expect(JSON.stringify(restored.toJSON())).toBe(text);
    expect(restored.fingerprint).not.toBe(plain.fingerprint);
    const changed = JSON.parse(text) as { merges: Merge[] };
    changed.merges[7] = [changed.merges[7][1], changed.merges[7][0]];
    expect(() => Tokenizer.fromJSON(changed)).toThrow();
    const without = { ...(JSON.parse(text) as object), merges: undefined };
    expect(() => Tokenizer.fromJSON(without)).toThrow(expect.objectContaining({ code: 'RONDO_TOKENIZER_MISMATCH' }));
  });

  it('a piece sampled under the mask is legal token by token, and the mask is the whole truth', () => {
    const mask = new Uint8Array(merged.vocabulary.size);
    const random = seeded(9);
    let chosenMerged = 0;
    for (let piece = 0; piece < 6; piece += 1) {
      const cursor = merged.grammarCursor();
      const grammar = scheme.grammar();
      cursor.push(merged.bos as number);
      grammar.push('BOS');
      for (let step = 0; step < 60; step += 1) {
        mask.fill(7);
        cursor.mask(mask);
        if (step % 6 === 0) expect([...mask]).toEqual([...mask.keys()].map((id) => Number(cursor.allows(id))));
        const legal = [...mask.keys()].filter((id) => mask[id] === 1 && id !== merged.eos);
        expect(legal.length).toBeGreaterThan(0);
        const id = legal[Math.floor(random() * legal.length)];
        if (id >= plain.vocabulary.size) chosenMerged += 1;
        cursor.push(id);
        for (const token of merged.spell(id)) {
          if (!grammar.allows(token)) throw new Error(`${token} of ${merged.vocabulary.token(id)} is illegal`);
          grammar.push(token);
        }
      }
    }
    expect(chosenMerged).toBeGreaterThan(50);
  });

  it('every encoding is legal under the mask', () => {
    const mask = new Uint8Array(merged.vocabulary.size);
    for (const score of fc.sample(scoreArbitrary, { numRuns: 20, seed: 8 })) {
      const ids = merged.encode(score);
      if (ids.length < 3 || merged.countUnknown(ids) > 0) continue;
      const cursor = merged.grammarCursor();
      for (const id of ids) {
        cursor.mask(mask);
        expect(mask[id], merged.vocabulary.token(id)).toBe(1);
        cursor.push(id);
      }
    }
  });

  it('no merged token reaches over a bar line', () => {
    for (const token of merged.vocabulary.tokens) expect(token.lastIndexOf('Bar')).toBeLessThan(1);
  });
});
