import { createScheme, type Note, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { expect, it } from 'vitest';
import { generate } from './generate.js';
import { toyBundle } from './testing/toy.js';

const names = [
  ...['BOS', 'EOS', 'UNK', 'Velocity_64', 'TimeShift_100', 'TimeShift_1000'],
  ...[60, 64, 67].flatMap((pitch) => [`NoteOn_${pitch}`, `NoteOff_${pitch}`]),
];
const tokenizer = new Tokenizer(createScheme({ name: 'performance' }), new Vocabulary(names));

/** A network that would rather wait than play, and never lets go. */
function lazyPlayer() {
  const bundle = toyBundle(tokenizer, { units: 8 });
  const weights = bundle.network.readParameters();
  const bias = weights.get('heads.next.bias')!.data;
  names.forEach((name, id) => {
    if (name === 'TimeShift_1000') bias[id] = 4;
    if (name.startsWith('NoteOff') || name === 'EOS') bias[id] = -6;
  });
  bundle.network.writeParameters(weights);
  return bundle;
}

it.each([{ seconds: 16 }, { tokens: 120 }])('a search of a performance waits and holds no longer than players do: %o', async (options) => {
  const bundle = lazyPlayer();
  const { score } = (await generate(bundle, { beam: 3, ...options })).variations[0];
  bundle.network.dispose();
  const notes = score.tracks.flatMap((track): readonly Note[] => track.notes);
  const onsets = [0, ...notes.map(({ tick }) => tick)].sort((a, b) => a - b);
  const gaps = onsets.slice(1).map((tick, i) => tick - onsets[i]);
  const second = 2 * score.ticksPerQuarter;
  expect(notes.length).toBeGreaterThan(2);
  expect(Math.max(...gaps) / second).toBeLessThanOrEqual(4);
  expect(Math.max(...notes.map(({ duration }) => duration)) / second).toBeLessThanOrEqual(11);
}); // prettier-ignore
