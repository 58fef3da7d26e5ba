// Teaches a small network a scale by heart, lets it play and writes what it plays as MIDI.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Network } from '@rondo/core-native';
import { generate } from '@rondo/generator';
import { createScheme, Tokenizer, Vocabulary, writeMidi } from '@rondo/tokenizer';

const scale = ['C4', 'D4', 'E4', 'F4', 'G4', 'A4', 'B4', 'C5'];
const tokenizer = new Tokenizer(createScheme('chord'), Vocabulary.build(scale, { specials: false }));
const [vocabulary, ids] = [scale.length, tokenizer.ids([...scale, ...scale])];
const heads = [{ kind: 'softmax', name: 'next', vocabulary }];
const spec = { inputs: [{ kind: 'oneHot', name: 'token', vocabulary }], layers: [{ kind: 'lstm', units: 32 }], heads };
const network = Network.create(spec, { seed: 1 });
const batch = { batch: 1, time: 15, inputs: { token: ids.slice(0, 15) }, targets: { next: ids.slice(1) } };
for (let step = 0; step < 100; step += 1) await network.trainStep(batch, { learningRate: 0.01 });
const bundle = { network, tokenizer, config: { objective: 'all', preset: 'none', sequence: 16 }, seeds: [] };
const { variations } = await generate(bundle, { prime: { ids: tokenizer.ids(['C4', 'D4']) }, argmax: true, tokens: 6 });
const file = `${mkdtempSync(`${tmpdir()}/rondo-`)}/scale.mid`;
writeFileSync(file, writeMidi(variations[0].score));
console.log(`${variations[0].tokens.join(' ')} in ${file}`);
if (variations[0].tokens.join() !== scale.join()) process.exit(1);
