// npm run demo: from a fresh clone to three generated pieces, their pictures and a sound file, in demo/.
import fs from 'node:fs';
import path from 'node:path';
import { nx, root, run, setUp } from './lib/setup.mjs';

const minutes = process.env.RONDO_DEMO_MINUTES ?? '2';
const demo = path.join(root, 'demo');
const file = (...names) => path.join('demo', ...names);

function rondo(...args) {
  process.stdout.write(`\n$ rondo ${args.join(' ')}\n`);
  run(process.execPath, [path.join(root, 'packages', 'cli', 'bin', 'rondo.js'), ...args]);
}

setUp();
process.stdout.write('Building (the first time takes some minutes) …\n');
nx('run-many', '-t', 'build', '--outputStyle=static');

fs.rmSync(demo, { recursive: true, force: true });
run(process.execPath, [path.join(root, 'tools', 'demo-corpus', 'build.mjs'), path.join(demo, 'corpus')]);
rondo('prepare', file('corpus'), '--out', file('dataset'), '--transpose', '-5..6', '--split', '85/15/0');
rondo(
  'train',
  file('dataset'),
  '--out',
  file('run'),
  '--preset',
  'small',
  '--max-minutes',
  minutes,
  '--epochs',
  '1000',
);
rondo(
  'generate',
  file('run'),
  '--out',
  file('piece.mid'),
  '--count',
  '3',
  '--bars',
  '16',
  '--top-p',
  '0.95',
  '--png',
  '--wav',
  '--seed',
  '7',
);
fs.copyFileSync(path.join(demo, 'run', 'loss.png'), path.join(demo, 'loss.png'));

process.stdout.write(`
Three pieces are in demo/: piece-1.mid … piece-3.mid, each with its piano roll (.png) and sound (.wav); demo/loss.png shows the training.
Try next: npx rondo generate demo/run --out mine.mid --temperature 0.8 --bars 32 --wav
Or your own music: npx rondo prepare FOLDER --out data && npx rondo train data --out run && npx rondo generate run --out new.mid
`);
