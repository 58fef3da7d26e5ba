import { describe, expect, it } from 'vitest';
import { addsEpsilonOutside, defaultGates, recurrentMasks } from './version.js';

describe('what a version of Keras means', () => {
  it.each([
    ['3.15.1', undefined, 'perGate'],
    ['3.8.0', undefined, 'perGate'],
    ['3.7.0', undefined, 'shared'],
    ['3.0.5', undefined, 'shared'],
    ['2.3.1', 2, 'shared'],
    ['2.2.4', 1, 'perGate'],
    ['2.2.4-tf', 2, 'perGate'],
    ['2.11.0', 2, 'perGate'],
    [undefined, undefined, 'perGate'],
  ])('%s (implementation %s): recurrent dropout is %s', (version, implementation, masks) => {
    expect(recurrentMasks(version, implementation)).toBe(masks);
  });

  it.each([
    ['2.2.4', 'hardSigmoid'],
    ['1.2.2', 'hardSigmoid'],
    ['2.2.4-tf', 'sigmoid'],
    ['2.3.1', 'sigmoid'],
    ['3.15.1', 'sigmoid'],
    [undefined, 'sigmoid'],
    ['new', 'sigmoid'],
  ])('%s: gates are %s where the file does not say', (version, gates) => {
    expect(defaultGates(version)).toBe(gates);
  });

  it('RMSprop of Keras 2 adds ε outside of the root', () => {
    expect(['2.3.1', '3.15.1', undefined].map(addsEpsilonOutside)).toEqual([true, false, false]);
  });
});
