// What is tried in place of the chorales' settings, one thing at a time.
import { presetNetwork, PRESETS } from '@rondo/trainer';

/** Smaller than the preset, so that a training takes a minute or two: what everything is compared with. */
export const BASE = {
  shape: { units: 192, embedding: 64, tied: true },
  settings: { epochs: 2 },
};

const shape = (factor, name, changes) => ({ factor, name, shape: changes });
const settings = (factor, name, changes) => ({ factor, name, settings: changes });
const spec = (factor, name, change) => ({ factor, name, change });

/** Masks that are drawn anew for every token, in place of one for each row. */
function masksPerToken(network) {
  const anew = (layer) => (layer.kind === 'dropout' ? { kind: layer.kind, rate: layer.rate } : layer);
  return { ...network, layers: network.layers.map(anew) };
}

/** Only these of the further inputs. */
const told = (names) => (network) => ({
  ...network,
  inputs: network.inputs.filter(({ name }) => name === 'tokens' || names.includes(name)),
});

/** The network of another preset's inputs. */
const toldAs = (preset) => (network, vocabulary, tokenizer) => ({
  ...network,
  inputs: presetNetwork(preset, BASE.shape)(vocabulary, tokenizer).inputs,
});

export const CHOICES = [
  { factor: 'base', name: 'base' },
  shape('size', 'embedding 32', { embedding: 32 }),
  shape('size', 'embedding 128', { embedding: 128 }),
  shape('size', '1 layer', { layers: 1 }),
  shape('size', '3 layers', { layers: 3 }),
  shape('size', '96 units', { units: 96 }),
  shape('size', '384 units', { units: 384 }),
  shape('output', 'weights of its own', { tied: false }),
  spec('told', 'nothing', told([])),
  spec('told', 'the place alone', told(['place'])),
  spec('told', 'all but repeat and trust', told(['place', 'beat', 'above'])),
  spec('told', 'as nottingham', toldAs('nottingham')),
  shape('dropout', 'none on token vectors', { inputDropout: 0 }),
  shape('dropout', '.2 on token vectors', { inputDropout: 0.2 }),
  shape('dropout', 'none behind layers', { dropout: 0 }),
  shape('dropout', '.2 behind layers', { dropout: 0.2 }),
  shape('dropout', '.5 behind layers', { dropout: 0.5 }),
  spec('dropout', 'masks anew for every token', masksPerToken),
  shape('dropout', '.1 recurrent', { recurrentDropout: 0.1 }),
  shape('dropout', '.3 recurrent', { recurrentDropout: 0.3 }),
  shape('normalisation', 'batch norm behind layers', { batchNorm: true }),
  shape('target', 'label smoothing .05', { labelSmoothing: 0.05 }),
  settings('rate', '.001', { learningRate: 1e-3 }),
  settings('rate', '.004', { learningRate: 4e-3 }),
  settings('rate', 'constant', { schedule: 'constant' }),
  settings('rate', 'linear', { schedule: 'linear' }),
  settings('rate', 'no warm-up', { warmupSteps: 0 }),
  settings('gradient', 'norm at most .25', { clipNorm: 0.25 }),
  settings('gradient', 'not clipped', { clipNorm: 0 }),
  settings('optimiser', 'RMSprop, .002', { optimizer: { kind: 'rmsprop' } }),
  settings('optimiser', 'Adam', { optimizer: { kind: 'adam' } }),
  settings('optimiser', 'weight decay .1', { optimizer: { kind: 'adamw', weightDecay: 0.1 } }),
  settings('average', 'none', { averaging: 0 }),
  settings('average', 'keeps .99', { averaging: 0.99 }),
  settings('batch', '8 rows', { batch: 8 }),
  settings('batch', '32 rows', { batch: 32 }),
  settings('batch', '50 tokens', { sequence: 50 }),
  settings('batch', '200 tokens', { sequence: 200 }),
];

function shapeOf(changes) {
  return { ...BASE.shape, ...changes };
}

/** Options of `train` for a choice: the preset's settings, the base's, and the one thing that is otherwise. */
export function trainOptions(choice) {
  const base = presetNetwork('chorales', shapeOf(choice.shape ?? {}));
  const { change = (network) => network } = choice;
  return {
    ...PRESETS.chorales.settings,
    ...BASE.settings,
    ...choice.settings,
    network: (vocabulary, tokenizer) => change(base(vocabulary, tokenizer), vocabulary, tokenizer),
  };
}
