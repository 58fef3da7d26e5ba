// Draws docs/images/tokens/*.svg: one bar as a piano roll, and the tokens that each scheme makes of it.
// With --check it only says whether the pictures are up to date. Build the packages first.
import fs from 'node:fs';
import path from 'node:path';
import { createScheme } from '@rondo/tokenizer';
import { fail, root } from './lib/setup.mjs';
import { bar } from './token-pictures/bar.mjs';
import { picture } from './token-pictures/draw.mjs';
import { placed } from './token-pictures/place.mjs';

const folder = path.join(root, 'docs', 'images', 'tokens');

/** Pictures by name: what stands in each of them, below the roll. */
const PICTURES = {
  remi: [[['remi', { name: 'remi' }]], {}],
  performance: [[['performance', { name: 'performance' }]], {}],
  grid: [
    [
      ['grid, 1/8', { name: 'grid', grid: '1/8' }],
      ['grid, 1/8, holds', { name: 'grid', grid: '1/8', holds: true }],
    ],
    { parts: 2 },
  ],
  chord: [
    [
      ['chord, as the tutorial has it', { name: 'chord' }],
      ['chord, voicing, durations', { name: 'chord', voicing: true, durations: true }],
    ],
    {},
  ],
};

const score = bar();
for (const [name, [lanes, options]] of Object.entries(PICTURES)) {
  const drawn = lanes.map(([title, config]) => ({ title, tokens: placed(createScheme(config), score) }));
  const svg = picture(score, drawn, options);
  const file = path.join(folder, `${name}.svg`);
  if (!process.argv.includes('--check')) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(file, svg);
  } else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== svg) {
    fail(`${path.relative(root, file)} is out of date: run "node tools/token-pictures.mjs"`);
  }
}
