import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scoreOf } from '../analysis/testing/score-of.js';
import { createScheme } from './registry.js';

/** The bar that the documentation shows in every scheme. */
function bar(): ReturnType<typeof scoreOf> {
  const score = scoreOf([[0, 1, 60], [0, 1, 64], [0, 1, 67], [1, 0.5, 72], [1.5, 0.5, 71], [2, 2, 67]]); // prettier-ignore
  for (const note of score.tracks[0].notes) if (note.pitch > 70) note.velocity = 100;
  return score;
}

const docs = readFileSync(join(import.meta.dirname, '../../../../docs/tokens.md'), 'utf8');

it.each([
  [{ name: 'remi' }],
  [{ name: 'performance' }],
  [{ name: 'grid', grid: '1/8' }],
  [{ name: 'grid', grid: '1/8', holds: true }],
  [{ name: 'chord' }],
  [{ name: 'chord', voicing: true, durations: true }],
])('docs/tokens.md shows what %j makes of a bar', (options) => {
  expect(docs).toContain(`\`${createScheme(options).encode(bar()).join(' ')}\``);
});
