import { createScheme, Tokenizer, Vocabulary } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { planGeneration } from '../options.js';
import { toyBundle, toyTokens } from '../testing/toy.js';
import { Voice } from '../voice.js';
import { PlayerManners } from './player-manners.js';

const names = ['BOS', 'EOS', 'UNK', 'NoteOn_60', 'NoteOn_64', 'NoteOff_60', 'NoteOff_64', 'TimeShift_1000'];
const tokenizer = new Tokenizer(createScheme({ name: 'performance', velocityBins: 0 }), new Vocabulary(names));
const id = (name: string) => names.indexOf(name);
const nothing = new Int32Array(0);
const mannersOf = (of: Tokenizer) => PlayerManners.after(of, { context: nothing, piece: nothing });

describe('held keys', () => {
  it('are overdue after ten seconds, from low to high, until they go up', () => {
    const held = mannersOf(tokenizer)!;
    held.push(id('NoteOn_64'));
    held.push(id('NoteOn_60'));
    for (let second = 0; second < 9; second++) held.push(id('TimeShift_1000'));
    expect(held.overdue).toEqual([]);
    held.push(id('TimeShift_1000'));
    expect(held.overdue).toEqual([id('NoteOff_60'), id('NoteOff_64')]);
    held.push(id('NoteOff_60'));
    expect(held.overdue).toEqual([id('NoteOff_64')]);
  });

  it('come with the pedal, which is overdue after fifteen', () => {
    const scheme = createScheme({ name: 'performance', velocityBins: 0, pedals: true });
    const feet = new Tokenizer(scheme, new Vocabulary([...names, 'PedalOn', 'PedalOff']));
    const held = mannersOf(feet)!;
    held.push(feet.vocabulary.id('PedalOn')!);
    for (let second = 0; second < 14; second++) held.push(id('TimeShift_1000'));
    held.push(id('NoteOn_60'));
    expect(held.overdue).toEqual([]);
    held.push(id('TimeShift_1000'));
    expect(held.overdue).toEqual([feet.vocabulary.id('PedalOff')]);
    for (let second = 0; second < 9; second++) held.push(id('TimeShift_1000'));
    expect(held.overdue).toEqual([id('NoteOff_60'), feet.vocabulary.id('PedalOff')]);
    held.push(feet.vocabulary.id('PedalOff')!);
    expect(held.overdue).toEqual([id('NoteOff_60')]);
  });

  it('are no matter of other schemes', () => {
    expect(mannersOf(toyTokens().tokenizer)).toBeUndefined();
  });

  it('are let go by a network that never would', () => {
    const bundle = toyBundle(tokenizer);
    const plan = planGeneration({ tokens: 500, escapeLoops: false }, bundle);
    bundle.network.dispose();
    const start = Int32Array.of(id('BOS'));
    const voice = new Voice(tokenizer, plan, { context: start, piece: start }, 0);
    const logits = Float32Array.from(names, (name) => (name === 'EOS' || name.startsWith('NoteOff') ? -50 : 0));
    while (voice.ended === undefined) voice.advance(logits);
    const { tracks, ticksPerQuarter } = tokenizer.decode(voice.ids);
    const seconds = tracks.flatMap(({ notes }) => notes.map(({ duration }) => duration / ticksPerQuarter / 2));
    expect(seconds.length).toBeGreaterThan(4);
    expect(Math.max(...seconds)).toBe(10);
  });
});
