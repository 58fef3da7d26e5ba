import { describe, expect, it } from 'vitest';
import {
  fixture,
  fixtureJson,
  importFixture,
  largestDifference,
  type MoreNetworks,
  predict,
  type TutorialNet,
} from './testing/fixtures.js';

describe('the tutorial’s network as Keras saved it', () => {
  const net = fixtureJson<TutorialNet>('tutorial-net-files.json');

  it.each(['tutorial-net.keras', 'tutorial-net.h5', 'tutorial-net.weights.h5'])(
    '%s predicts what Keras predicts, within 1e-5',
    async (name) => {
      const { bundle, report } = await importFixture(fixture(name), { sequence: net.sequenceLength });
      const difference = largestDifference(await predict(bundle, net.inputIds), net.probabilities.data);
      expect(difference).toBeLessThan(1e-5);
      expect(report).toMatchObject({ vocabulary: 11, sequence: 10 });
      expect(bundle.tokenizer.vocabulary.tokens).toEqual(net.vocabulary);
    },
  );

  it('takes the window from the file, else 100', async () => {
    for (const [name, sequence] of [
      ['tutorial-net.keras', 10],
      ['tutorial-net.h5', 10],
      ['tutorial-net.weights.h5', 100],
    ] as const) {
      const { bundle } = await importFixture(fixture(name));
      expect(bundle.config).toMatchObject({ sequence, objective: 'last' });
    }
  });
});

describe('other networks of the family', () => {
  const { inputIds, networks } = fixtureJson<MoreNetworks>('more-networks.json');
  const cases: [string, string][] = [
    ['functional.keras', 'functional'],
    ['functional.h5', 'functional'],
    ['figure-weights-only.h5', 'figure'],
    ['keras2-cudnn.h5', 'figure'],
    ['keras2-hard-sigmoid.h5', 'hardSigmoid'],
  ];

  it.each(cases)('%s predicts what Keras predicts, within 1e-5', async (name, expected) => {
    const { bundle } = await importFixture(fixture(name));
    const difference = largestDifference(await predict(bundle, inputIds), networks[expected].data);
    expect(difference).toBeLessThan(1e-5);
  });

  it('figure-weights-only.h5 with other gates predicts something else', async () => {
    const { bundle } = await importFixture(fixture('figure-weights-only.h5'), { gate: 'hardSigmoid' });
    const probabilities = await predict(bundle, inputIds);
    expect(largestDifference(probabilities, networks.hardSigmoid.data)).toBeLessThan(1e-5);
    expect(largestDifference(probabilities, networks.figure.data)).toBeGreaterThan(1e-3);
  });
});
