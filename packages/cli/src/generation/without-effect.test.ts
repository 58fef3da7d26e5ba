import { describe, expect, it } from 'vitest';
import { UsageError } from '../terminal/exit-codes.js';
import { refusePrimeOptions, refuseWithoutEffect } from './without-effect.js';

describe('options without effect are refused', () => {
  it('narrowing the choice where there is none', () => {
    expect(() => refuseWithoutEffect({ temperature: '0', topP: 0.9 })).toThrow(UsageError);
    expect(() => refuseWithoutEffect({ temperature: '0', topP: 0.9 })).toThrow(/--top-p has no effect/);
    expect(() => refuseWithoutEffect({ temperature: '0' })).not.toThrow();
    expect(() => refuseWithoutEffect({ temperature: '0.5', topP: 0.9 })).not.toThrow();
  });

  it('using a prime that is not given', () => {
    expect(() => refusePrimeOptions({ primeTokens: 8 }, { bos: 0 })).toThrow(/--prime-tokens .* give --prime/);
    expect(() => refusePrimeOptions({ includePrime: false }, { bos: 0 })).toThrow(/--include-prime/);
    expect(() => refusePrimeOptions({ primeTokens: 8, prime: 'a.mid' }, { bos: 0 })).not.toThrow();
    expect(() => refusePrimeOptions({ primeTokens: 8, primeIds: 'a.json' }, { bos: 0 })).not.toThrow();
  });

  it('but a model that begins with a window of its training data has one', () => {
    expect(() => refusePrimeOptions({ primeTokens: 8, includePrime: true }, { bos: undefined })).not.toThrow();
  });
});
