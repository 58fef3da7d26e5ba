import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { chooseEngine } from './engine-options.js';

const cores = availableParallelism();

it('uses as many threads as there are cores at most, and says so', () => {
  const { options, warnings } = chooseEngine({ device: 'cpu', threads: cores + 998 });
  expect(options).toEqual({ device: 'cpu', threads: cores });
  expect(warnings).toEqual([`${cores + 998} threads on ${cores} cores would be slower; training uses ${cores}`]);
});

it('leaves what fits, and what is not given, to the engine', () => {
  expect(chooseEngine({ threads: cores })).toEqual({ options: { threads: cores }, warnings: [] });
  expect(chooseEngine({})).toEqual({ options: {}, warnings: [] });
});
