import { describe, expect, it } from 'vitest';
import { TrainerError } from '../errors.js';
import { numberedPieces } from '../testing/pieces.js';
import { arraySource } from './piece-source.js';
import { planStreams } from './stream-batches.js';

const names = { input: 'tokens', head: 'next' };
const plan = (lengths: number[], batch: number, sequence: number, seed = 1) =>
  planStreams(arraySource(numberedPieces(lengths)), { names, batch, sequence, seed });

/** What an epoch asks for: [input, target, reset, step, row, t] of every position that counts. */
function positions(lengths: number[], batch: number, sequence: number, epoch = 0, seed = 1) {
  const pass = plan(lengths, batch, sequence, seed).epoch(epoch);
  return Array.from({ length: pass.steps }, (_, step) => {
    const { batch: b, tokens } = pass.batchAt(step);
    const inputs = b.inputs.tokens as Int32Array;
    const targets = b.targets?.next as Int32Array;
    const found = [];
    for (let t = 0; t < b.time; t++) {
      for (let row = 0; row < b.batch; row++) {
        const at = t * b.batch + row;
        if (t >= (b.lengths?.[row] ?? b.time) || b.weights?.[at] === 0) continue;
        found.push({
          input: inputs[at] as number,
          target: targets[at] as number,
          reset: b.resets?.[at] === 1,
          step,
          row,
          t,
        });
      }
    }
    expect(found.length).toBe(tokens);
    return found;
  }).flat();
}

const cases: [string, number[], number, number][] = [
  ['many short pieces', [5, 9, 2, 14, 7, 3, 8, 8, 30, 4], 4, 6],
  ['one long piece', [101], 8, 5],
  ['fewer tokens than rows', [3, 2], 16, 10],
  ['pieces of one token and of none', [1, 6, 0, 4, 1], 2, 3],
  ['a row that ends early', [12], 5, 3],
];

describe('planStreams', () => {
  it.each(cases)('predicts every token that has a predecessor exactly once: %s', (_, lengths, batch, sequence) => {
    const wanted = numberedPieces(lengths).flatMap(({ ids }) => [...ids].slice(1));
    for (const epoch of [0, 1]) {
      const found = positions(lengths, batch, sequence, epoch);
      expect(found.map(({ target }) => target).sort((a, b) => a - b)).toEqual(wanted);
      expect(found.every(({ input, target }) => target === input + 1)).toBe(true);
    }
    expect(plan(lengths, batch, sequence).tokensPerEpoch).toBe(wanted.length);
  });

  it.each(cases)(
    'zeroes the state where a piece or a row begins, and nowhere else: %s',
    (_, lengths, batch, sequence) => {
      const before = new Map<number, number>();
      for (const { input, target, reset, row, step, t } of positions(lengths, batch, sequence)) {
        const continues = before.get(row) === input;
        expect(reset).toBe(!continues);
        if (reset && !(step === 0 && t === 0)) expect(input % 1000).toBe(0);
        before.set(row, target);
      }
    },
  );

  it('carries the state and keeps the number of rows and of steps', () => {
    const pass = plan([50, 40, 30], 4, 8).epoch(0);
    const batches = Array.from({ length: pass.steps }, (_, step) => pass.batchAt(step).batch);
    expect(pass.steps).toBe(plan([50, 40, 30], 4, 8).stepsPerEpoch);
    expect(batches.every(({ batch, carryState, time }) => batch === 4 && carryState === true && time <= 8)).toBe(true);
  });

  it('spreads an epoch over updates of about the same length', () => {
    const pass = plan([66], 1, 64).epoch(0);
    expect(Array.from({ length: pass.steps }, (_, step) => pass.batchAt(step).batch.time)).toEqual([33, 32]);
  });

  it('orders by seed and epoch alone', () => {
    const lengths = [5, 9, 2, 14, 7];
    const order = (epoch: number, seed: number) => positions(lengths, 2, 4, epoch, seed).map(({ target }) => target);
    expect(order(3, 7)).toEqual(order(3, 7));
    expect(order(3, 7)).not.toEqual(order(4, 7));
    expect(order(3, 7)).not.toEqual(order(3, 8));
  });

  it('gives any step by itself', () => {
    const lengths = [50, 40, 30];
    const walked = plan(lengths, 3, 8).epoch(2);
    for (let step = 0; step < 3; step++) walked.batchAt(step);
    expect(plan(lengths, 3, 8).epoch(2).batchAt(3)).toEqual(walked.batchAt(3));
  });

  it('counts pieces that give nothing, and refuses data without two tokens in a row', () => {
    expect(plan([1, 5, 0], 2, 4).shortPieces).toBe(2);
    expect(() => plan([1, 1], 2, 4)).toThrow(TrainerError);
    expect(() => plan([1, 1], 2, 4)).toThrow(/2 pieces/);
  });
});
