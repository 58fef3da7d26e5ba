import { createScheme, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { planGeneration, type GenerateOptions } from '../options.js';
import { toyBundle, toyTokens } from '../testing/toy.js';
import { Voice } from '../voice.js';
import { PlayerManners } from './player-manners.js';

const names = [
  'BOS',
  'EOS',
  'UNK',
  'NoteOn_60',
  'NoteOff_60',
  'PedalOn',
  'PedalOff',
  'TimeShift_100',
  'TimeShift_1000',
];
const scheme = createScheme({ name: 'performance', velocityBins: 0, pedals: true });
const tokenizer = new Tokenizer(scheme, new Vocabulary(names));
const ids = (text: string): Int32Array => Int32Array.from(text.split(' '), (name) => names.indexOf(name));

/** A piece of a network that would rather wait. */
function patient(context: string, options: GenerateOptions = {}): string {
  const bundle = toyBundle(tokenizer);
  const plan = planGeneration({ tokens: 12, escapeLoops: false, ...options }, bundle);
  bundle.network.dispose();
  const start = { context: ids(context), piece: ids('BOS') };
  const voice = new Voice(tokenizer, plan, start, 0);
  const logits = Float32Array.from(names, (name) => (name === 'TimeShift_1000' ? 30 : 0));
  while (voice.ended === undefined) voice.advance(logits);
  return tokenizer.tokens(voice.ids).join(' ');
}

describe('the opening of a performance', () => {
  it('waits a second for the first key, no longer', () => {
    expect(patient('BOS')).toMatch(/^BOS (PedalOn )?TimeShift_1000 (PedalOn )?(PedalOff )?NoteOn_60 TimeShift_1000/);
  });

  it('may wait where music came before, and without the grammar', () => {
    expect(patient('BOS NoteOn_60 TimeShift_1000 NoteOff_60')).toMatch(/^BOS TimeShift_1000 TimeShift_1000/);
    expect(patient('BOS', { grammar: false })).toMatch(/^BOS TimeShift_1000 TimeShift_1000/);
  });

  it('knows the waits of merged tokens', () => {
    const { vocabulary } = tokenizer;
    const merged = new Tokenizer(
      scheme,
      vocabulary,
      [],
      [[names.indexOf('TimeShift_100'), names.indexOf('NoteOn_60')]],
    );
    const opening = PlayerManners.after(merged, { context: ids('BOS'), piece: ids('BOS') })!;
    expect(opening.tooLong).toEqual([]);
    opening.push(names.indexOf('TimeShift_1000'));
    expect(opening.tooLong).toEqual([...ids('TimeShift_100 TimeShift_1000'), names.length]);
    opening.push(names.indexOf('NoteOn_60'));
    expect(opening.tooLong).toEqual([]);
  });

  it('is no matter of schemes with bars', () => {
    expect(PlayerManners.after(toyTokens().tokenizer, { context: ids('BOS'), piece: ids('BOS') })).toBeUndefined();
  });
});
