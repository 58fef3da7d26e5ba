// Writes an untrained model as a bundle, reads it back and compares every weight.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { loadBundle, saveBundle } from '@rondo/checkpoint';
import { Network } from '@rondo/core-native';
import { createScheme, Tokenizer, Vocabulary } from '@rondo/tokenizer';

const tokenizer = new Tokenizer(createScheme('chord'), Vocabulary.build(['C4', 'E4', 'G4'], { specials: false }));
const [vocabulary, optimizer] = [tokenizer.vocabulary.size, { kind: 'adam' }];
const heads = [{ kind: 'softmax', name: 'next', vocabulary }];
const spec = { inputs: [{ kind: 'oneHot', name: 'token', vocabulary }], layers: [{ kind: 'lstm', units: 8 }], heads };
const network = Network.create(spec, { seed: 1, optimizer });
const about = { format: 'rondo-bundle', formatVersion: 1, rondoVersion: '0.1.0', createdAt: new Date().toISOString() };
const use = { preset: 'none', objective: 'all', sequence: 16, tokenizerFingerprint: tokenizer.fingerprint, vocabulary };
const model = `${mkdtempSync(`${tmpdir()}/rondo-`)}/model`;
await saveBundle(model, {
  network,
  tokenizer,
  config: { ...about, ...use, spec, optimizer, provenance: {} },
  seeds: [],
});
const same = (a, b) => [...a].every(([name, { data }]) => data.every((value, i) => value === b.get(name).data[i]));
const equal = same(network.readParameters(), (await loadBundle(model)).network.readParameters());
console.log(`${network.parameterCount} weights in ${model}: ${equal ? 'all the same' : 'different'}`);
if (!equal) process.exit(1);
