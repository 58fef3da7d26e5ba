import type { Bundle } from '@rondo/checkpoint';
import { describe, expect, it } from 'vitest';
import { planGeneration } from './options.js';
import { pieceOf, toyBundle, toyTokens } from './testing/toy.js';

const { tokenizer } = toyTokens([pieceOf([[60, 62, 64, 65]])]);

/** A bundle whose network is told what the names say. */
function bundleTold(...names: string[]): Bundle {
  const bundle = toyBundle(tokenizer);
  const { spec } = bundle.network;
  bundle.network.dispose();
  const told = names.map((name) => ({ kind: 'embedding' as const, name, vocabulary: 8, units: 2 }));
  return {
    ...bundle,
    network: { spec: { ...spec, inputs: [...spec.inputs, ...told] } } as unknown as Bundle['network'],
  };
}

describe('what is left open', () => {
  it('networks that are told of strains draw no unlikely tokens, unless the choice is narrowed otherwise', () => {
    const bundle = bundleTold('place', 'strain');
    expect(planGeneration({}, bundle).minP).toBe(0.02);
    expect(planGeneration({ temperature: 0.8 }, bundle).minP).toBe(0.02);
    expect(planGeneration({ minP: 0.3 }, bundle).minP).toBe(0.3);
    expect(planGeneration({ topK: 5 }, bundle).minP).toBeUndefined();
    expect(planGeneration({ topP: 0.9 }, bundle).minP).toBeUndefined();
  });

  it('so do networks that are told of bars, fewer still', () => {
    expect(planGeneration({}, bundleTold('position', 'bar1', 'bar2')).minP).toBe(0.1);
    expect(planGeneration({ topK: 5 }, bundleTold('bar1')).minP).toBeUndefined();
  });

  it('all others draw any', () => {
    expect(planGeneration({}, bundleTold()).minP).toBeUndefined();
    expect(planGeneration({}, bundleTold('place', 'repeat', 'trust')).minP).toBeUndefined();
  });
});
