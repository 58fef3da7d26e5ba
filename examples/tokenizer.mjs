// A score to tokens, ids and back, and to a MIDI file's bytes.
import { createScheme, readMidi, Tokenizer, Vocabulary, writeMidi } from '@rondo/tokenizer';

const notes = [60, 64, 67, 72].map((pitch, i) => ({ tick: i * 240, duration: 240, pitch, velocity: 80 }));
const track = { name: 'arpeggio', program: 0, isDrum: false, notes, pedals: [] };
const score = {
  ticksPerQuarter: 480,
  tempos: [],
  timeSignatures: [],
  keySignatures: [],
  tracks: [track],
  endTick: 960,
};
const scheme = createScheme({ name: 'remi', positionsPerQuarter: 12 });
const tokenizer = new Tokenizer(scheme, Vocabulary.build(scheme.encode(score), { specials: scheme.specials }));
const ids = tokenizer.encode(readMidi(writeMidi(score)));
console.log(tokenizer.tokens(ids).join(' '));
if (JSON.stringify(tokenizer.decode(ids)) !== JSON.stringify(scheme.quantise(score)))
  throw new Error('not the same music');
