import { createScheme, historyFeed, historyInputs, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { Histories } from './histories.js';
import { arraySource } from './piece-source.js';
import { planStreams } from './stream-batches.js';

const scheme = createScheme({ name: 'grid' });
const names = ['BOS', 'EOS', 'UNK', 'Frame', ...Array.from({ length: 30 }, (_, i) => `Pitch_${90 - i}`)];
const tokenizer = new Tokenizer(scheme, new Vocabulary(names));
const known = Object.values(historyInputs(tokenizer)!);
const feed = historyFeed(
  tokenizer,
  known.map(({ name, size }) => ({ name, vocabulary: size })),
)!;
const frames = [3, 0, 20, 1, 4, 2, 3, 0, 20];
/** BOS, then frames of so many pitches, EOS. */
const ids = Int32Array.from([0, ...frames.flatMap((size) => [...Array.from({ length: size }, (_, i) => 4 + i), 3]), 1]);
const source = arraySource([0, 1, 2].map((i) => ({ file: String(i), ids: ids.slice(0, ids.length - i) })));

/** Of the token after each of a piece: the values of all inputs. */
function expected(): number[][] {
  const history = feed.open();
  return Array.from(ids, (id) => {
    history.push(id);
    return feed.inputs.map(({ read }) => read(history));
  });
}

function readPart(histories: Histories, row: number, start: number, count: number): number[][] {
  const got = Array.from({ length: count }, () => feed.inputs.map(() => -1));
  histories.read(row, 0, start, count, (which, index, value) => (got[index]![which] = value));
  return got;
}

describe('Histories', () => {
  it('are the same wherever the piece is cut, and in whatever order it is read', () => {
    const histories = new Histories(feed, source);
    for (const start of [0, 5, 5, 20, 3, 33]) {
      const count = Math.min(9, ids.length - start);
      expect(readPart(histories, 0, start, count)).toEqual(expected().slice(start, start + count));
    }
  });

  it('stand beside the tokens in every batch', () => {
    const options = { names: { input: 'tokens', head: 'next', history: feed }, sequence: 7, batch: 2, seed: 1 };
    const plan = planStreams(source, options);
    const whole = expected();
    let checked = 0;
    for (let step = 0; step < plan.stepsPerEpoch; step++) {
      const { batch } = plan.epoch(0).batchAt(step);
      const tokens = batch.inputs['tokens'] as Int32Array;
      for (let at = 0; at < tokens.length; at++) {
        if (tokens[at] !== 0) continue;
        // A piece begins: walk along its row.
        for (let i = 0; at + i * batch.batch < tokens.length && i < ids.length - 2; i++) {
          const values = feed.inputs.map(({ name }) => (batch.inputs[name] as Int32Array)[at + i * batch.batch]);
          if ((batch.lengths?.[at % batch.batch] ?? batch.time) * batch.batch <= at + i * batch.batch) break;
          expect(values).toEqual(whole[i]);
          checked++;
        }
      }
    }
    expect(checked).toBeGreaterThan(10);
  });
});
