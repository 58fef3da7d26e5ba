import type { Bundle } from '@rondo/checkpoint';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Variation } from '../generate.js';
import { GeneratorError } from '../errors.js';
import { toyBundle, toyTokens, trainToy } from './toy.js';

export const { tokenizer, pieces } = toyTokens();

/** Networks that have learnt the toy corpus: one of objective `all` that knows it by heart, one of `last`. */
export interface TrainedToys {
  all: Bundle;
  last: Bundle;
}

/** Trains them before the tests of a file, and frees them afterwards. */
export function trainedToys({ steps = 250, lastSteps = 60 } = {}): TrainedToys {
  const seeds = pieces.slice(0, 3).map((ids) => ids.slice(10, 26));
  const toys: TrainedToys = {
    all: { ...toyBundle(tokenizer), seeds },
    last: { ...toyBundle(tokenizer, { objective: 'last' }), seeds },
  };
  beforeAll(async () => {
    expect(await trainToy(toys.all, pieces, steps)).toBeLessThan(0.35);
    if (lastSteps > 0) await trainToy(toys.last, pieces, lastSteps);
  });
  afterAll(() => [toys.all, toys.last].forEach(({ network }) => network.dispose()));
  return toys;
}

export const idsOf = (variations: readonly Variation[]) => variations.map(({ ids }) => [...ids]);

/** What a promise is refused with: an error of ours, in one line. */
export async function failure(promise: Promise<unknown>): Promise<GeneratorError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GeneratorError);
  expect((error as Error).message).not.toContain('\n');
  return error as GeneratorError;
}

export async function code(promise: Promise<unknown>): Promise<string> {
  return (await failure(promise)).code;
}

/** Every id is allowed by the grammar at its place. */
export function expectLegal(ids: Iterable<number>): void {
  const cursor = tokenizer.grammarCursor();
  const mask = new Uint8Array(tokenizer.vocabulary.size);
  let at = 0;
  for (const id of ids) {
    cursor.mask(mask);
    expect(mask[id], `token ${at}: ${tokenizer.vocabulary.token(id)}`).toBe(1);
    cursor.push(id);
    at++;
  }
}
