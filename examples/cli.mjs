// The command line from a script: the same words as after `rondo`, the same output.
import fs from 'node:fs';
import { main } from '@rondo/cli';
import { writeMidi } from '@rondo/tokenizer';

const notes = [60, 62, 64, 65, 67].map((pitch, i) => ({ tick: i * 480, duration: 480, pitch, velocity: 80 }));
const track = { name: 'Tune', program: 0, isDrum: false, notes, pedals: [] };
const score = {
  ticksPerQuarter: 480,
  tempos: [],
  timeSignatures: [],
  keySignatures: [],
  tracks: [track],
  endTick: 2400,
};
fs.writeFileSync('tune.mid', writeMidi(score));
await main(['inspect', 'tune.mid', '--plots', 'plots']);
