import { describe, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import { checkBatch } from './batch-validation.js';
import { EngineError } from './errors.js';
import { resolveNetworkSpec } from './resolve-spec.js';

const spec = resolveNetworkSpec({
  inputs: [
    { kind: 'embedding', name: 'token', vocabulary: 5, units: 3 },
    { kind: 'dense', name: 'time', units: 2 },
  ],
  layers: [{ kind: 'lstm', units: 4 }],
  heads: [
    { kind: 'softmax', name: 'next', vocabulary: 5 },
    { kind: 'regression', name: 'velocity', units: 2 },
  ],
});

/** B = 2, T = 3. */
function good(): Batch & { inputs: Record<string, Int32Array>; targets: Record<string, Int32Array> } {
  return {
    batch: 2,
    time: 3,
    inputs: { token: new Int32Array(6), time: new Float32Array(12) as never },
    targets: { next: new Int32Array(6), velocity: new Float32Array(12) as never },
  };
}

function complaint(change: object): string {
  try {
    checkBatch(spec, { ...good(), ...change }, 'targets');
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).code).toBe('RONDO_ENGINE_SHAPE');
    return (error as EngineError).message;
  }
  throw new Error('the batch was accepted');
}

describe('batch', () => {
  it('puts the arrays in the order of the spec and fills in defaults', () => {
    const batch = good();
    expect(checkBatch(spec, batch, 'targets')).toEqual({
      batch: 2,
      time: 3,
      inputs: [batch.inputs['token'], batch.inputs['time']],
      targets: [batch.targets['next'], batch.targets['velocity']],
      carryState: false,
      rowOffset: 0,
    });
  });

  it('needs no targets to predict', () => {
    const { batch, time, inputs } = good();
    const rest = { batch, time, inputs };
    expect(checkBatch(spec, rest, 'inputs').targets).toBeUndefined();
    expect(() => checkBatch(spec, rest, 'targets')).toThrow(
      /targets: expected an array for each head, received nothing/,
    );
  });

  it('names a wrong type and a wrong size', () => {
    const inputs = { ...good().inputs, token: new Float32Array(6) };
    expect(complaint({ inputs })).toBe('batch: inputs.token: expected Int32Array(6), received Float32Array(6)');
    const targets = { ...good().targets, velocity: new Float32Array(6) };
    expect(complaint({ targets })).toBe('batch: targets.velocity: expected Float32Array(12), received Float32Array(6)');
    expect(complaint({ inputs: { token: new Int32Array(6) } })).toBe(
      'batch: inputs.time: expected Float32Array(12), received nothing',
    );
  });

  it('names the place of an id outside of the vocabulary', () => {
    const token = Int32Array.of(0, 1, 2, 5, 4, 0);
    expect(complaint({ inputs: { ...good().inputs, token } })).toBe(
      'batch: inputs.token at step 1, row 1: expected 0 … 4, received 5; padding counts too',
    );
    const next = Int32Array.of(0, 1, 2, 3, 4, -1);
    expect(complaint({ targets: { ...good().targets, next } })).toMatch(/targets\.next at step 2, row 1.*received -1/);
  });

  it('names unknown inputs, heads and keys', () => {
    expect(complaint({ inputs: { ...good().inputs, tokens: new Int32Array(6) } })).toBe(
      'batch: inputs: expected the names token, time, received "tokens"',
    );
    expect(complaint({ length: 1 })).toBe('batch: unknown key "length"; correct or remove it');
  });

  it('checks sizes, lengths, resets, weights and flags', () => {
    expect(complaint({ time: 0 })).toBe('batch: time: expected an integer, 1 … 1048575, received 0');
    expect(complaint({ batch: 1.5 })).toBe('batch: batch: expected an integer, 1 … 16777216, received 1.5');
    expect(complaint({ time: 2 ** 20 })).toMatch(/time: .*received 1048576/);
    expect(complaint({ lengths: Int32Array.of(3, 4) })).toBe('batch: lengths[1]: expected 0 … 3, received 4');
    expect(complaint({ resets: new Uint8Array(2) })).toBe(
      'batch: resets: expected Uint8Array(6), received Uint8Array(2)',
    );
    expect(complaint({ weights: Float32Array.of(1, 1, NaN, 1, 1, 1) })).toMatch(
      /weights at step 1, row 0.*received NaN/,
    );
    expect(complaint({ carryState: 1 })).toBe('batch: carryState: expected true or false, received 1');
    expect(complaint({ rowOffset: -1 })).toBe('batch: rowOffset: expected an integer, 0 … 4294967293, received -1');
  });
});
