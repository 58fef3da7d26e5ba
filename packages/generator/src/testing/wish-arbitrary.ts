import type { SchemeName } from '@rondo/tokenizer';
import fc from 'fast-check';
import type { SteeringOptions } from '../steering/parse.js';

const TONICS = ['C', 'D', 'Eb', 'F#', 'A', 'Bb'];
const MODES = ['major', 'minor', 'dorian', 'harmonic minor', 'major pentatonic'];
const CHORDS = ['C', 'Am', 'F', 'G7', 'Dm', 'Em', 'Bdim', 'Dm7', 'E | Am', 'C G | F'];

/** Random wishes that a scheme understands, with an exact length. */
export function wishArbitrary(scheme: SchemeName): fc.Arbitrary<SteeringOptions & { bars?: number; seconds?: number }> {
  const key = fc
    .tuple(fc.constantFrom(...TONICS), fc.constantFrom(...MODES))
    .map(([tonic, mode]) => `${tonic} ${mode}`);
  const chords = fc.array(fc.constantFrom(...CHORDS), { minLength: 1, maxLength: 4 }).map((names) => names.join(' | '));
  const range = fc
    .tuple(fc.integer({ min: 36, max: 60 }), fc.integer({ min: 12, max: 40 }))
    .map(([low, span]) => `${low}..${low + span}`);
  const manner = fc.record(
    {
      key,
      chords,
      range,
      polyphony: fc.integer({ min: 1, max: 5 }),
      density: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant([[0, 2], [1, 9]] as [number, number][])),
      ...(scheme === 'performance' ? {} : { meter: fc.constantFrom('4/4', '2/4') }),
      ...(scheme === 'performance' ? {} : { tempo: fc.integer({ min: 60, max: 180 }) }),
    },
    { requiredKeys: [] },
  ); // prettier-ignore
  const length = fc.oneof(
    fc.record({ bars: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ seconds: fc.double({ min: 2, max: 15, noNaN: true }) }),
  );
  return fc.tuple(manner, length).map(([how, long]) => ({ ...how, ...long, ending: 'proper' as const }));
}
