import { Network } from '@rondo/core-native';
import { createScheme, historyFeed, historyInputs, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { afterAll, describe, expect, it } from 'vitest';
import { KeptState } from './kept-state.js';

const scheme = createScheme({ name: 'grid' });
const names = ['BOS', 'EOS', 'UNK', 'Frame', ...Array.from({ length: 12 }, (_, i) => `Pitch_${60 + i}`)];
const tokenizer = new Tokenizer(scheme, new Vocabulary(names));
const told = Object.values(historyInputs(tokenizer)!).map(({ name, size }) => ({ name, vocabulary: size }));
const history = historyFeed(tokenizer, told)!;
const V = names.length;
const network = Network.create(
  {
    inputs: [
      { kind: 'embedding', name: 'tokens', vocabulary: V, units: 5 },
      ...told.map((input) => ({ kind: 'embedding' as const, units: 3, ...input })),
    ],
    layers: [{ kind: 'lstm', units: 16 }],
    heads: [{ kind: 'softmax', name: 'next', vocabulary: V }],
  },
  { seed: 3, device: 'cpu', threads: 1 },
);
afterAll(() => network.dispose());

const piece = Int32Array.from([0, 9, 5, 3, 8, 5, 3, 3, 9, 5, 3, 8, 6, 4, 3, 9, 5, 3, 8]);

/** Probabilities of the token after each of a piece, computed as training computes them. */
async function predictions(ids: Int32Array): Promise<Float32Array[]> {
  const walk = history.open();
  const columns = ids.reduce<Record<string, number[]>>((all, id) => {
    walk.push(id);
    for (const { name, read } of history.inputs) (all[name] ??= []).push(read(walk));
    return all;
  }, {});
  const inputs = Object.fromEntries(Object.entries(columns).map(([name, list]) => [name, Int32Array.from(list)]));
  const whole = await network.predict({ batch: 1, time: ids.length, inputs: { tokens: ids, ...inputs } });
  return Array.from({ length: ids.length }, (_, t) => whole.slice(t * V, (t + 1) * V));
}

function softmax(logits: Float32Array): number[] {
  const powers = [...logits].map((logit) => Math.exp(logit));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

function expectClose(got: readonly number[], expected: Float32Array): void {
  got.forEach((probability, id) => expect(probability).toBeCloseTo(expected[id], 6));
}

describe('a kept state with inputs of the history', () => {
  const open = (rows: number) => new KeptState(network, { rows, precision: 'fp32', input: 'tokens', history });

  it('predicts token by token what training would predict, for rows that begin at different times', async () => {
    const expected = await predictions(piece);
    const state = open(2);
    const logits = await state.start([piece.slice(0, 9), piece.slice(0, 4)]);
    expectClose(softmax(logits.subarray(0, V)), expected[8]);
    expectClose(softmax(logits.subarray(V, 2 * V)), expected[3]);
    for (let t = 0; t < 10; t++) {
      const next = state.next(Int32Array.of(piece[9 + t], piece[4 + t]));
      expectClose(softmax(next.subarray(0, V)), expected[9 + t]);
      expectClose(softmax(next.subarray(V, 2 * V)), expected[4 + t]);
    }
    state.dispose();
  });

  it('goes back to where it was saved', async () => {
    const state = open(1);
    await state.start([piece.slice(0, 10)]);
    const saved = state.save();
    const first = state.next(Int32Array.of(piece[10])).slice();
    for (const id of [3, 3, 9, 3]) state.next(Int32Array.of(id));
    for (let i = 0; i < 2; i++) {
      state.restore(saved);
      expect(state.next(Int32Array.of(piece[10]))).toEqual(first);
    }
    state.dispose();
  });
});
