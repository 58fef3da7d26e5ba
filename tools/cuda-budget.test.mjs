import { describe, expect, it } from 'vitest';
import { overBudget, parsePtxas, shortName } from '../packages/core-native/scripts/cuda-budget.mjs';

const said = `ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function '_ZN4copyEv' for 'sm_90'
ptxas info    : Function properties for _ZN4copyEv
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 32 registers, used 1 barriers, 256 bytes smem
ptxas info    : Compile time = 107.033 ms
ptxas info    : Compiling entry function '_ZN5stepEv' for 'sm_80'
ptxas info    : Function properties for _ZN5stepEv
    8 bytes stack frame, 4 bytes spill stores, 12 bytes spill loads
ptxas info    : Used 255 registers, used 0 barriers
`;

const measured = { sm_90: { 'copy/f': { registers: 32, shared: 256, spills: 0 } } };
const budget = (registers, shared) => ({ nvcc: '13.0', kernels: { sm_90: { 'copy/f': { registers, shared } } } });

describe('the budget of CUDA kernels', () => {
  it('reads what ptxas says', () => {
    expect(parsePtxas(said)).toEqual([
      { symbol: '_ZN4copyEv', target: 'sm_90', spills: 0, registers: 32, shared: 256 },
      { symbol: '_ZN5stepEv', target: 'sm_80', spills: 16, registers: 255, shared: 0 },
    ]);
  });

  it('names kernels without what is the same for all', () => {
    expect(shortName('rondo::cuda::(anonymous namespace)::copy_kernel(rondo::CopyColumns)')).toBe('copy_kernel');
    expect(shortName('void rondo::cuda::step<16, (rondo::Precision)3>(int)')).toBe('step<16, (Precision)3>');
  });

  it('complains of what is over, unknown, gone or spilt', () => {
    expect(overBudget(measured, budget(32, 256), '13.0')).toEqual([]);
    expect(overBudget(measured, budget(31, 256), '13.0')).toEqual(['sm_90 copy/f: 32 registers, the budget is 31']);
    expect(overBudget(measured, budget(32, 0), '13.0')[0]).toContain('256 bytes of static shared memory');
    expect(overBudget({}, budget(32, 256), '13.0')[0]).toContain('not in the build');
    expect(overBudget(measured, { nvcc: '13.0', kernels: {} }, '13.0')[0]).toContain('--write');
    const spilt = { sm_90: { 'copy/f': { registers: 8, shared: 0, spills: 16 } } };
    expect(overBudget(spilt, budget(32, 256), '13.0')[0]).toContain('must not spill');
    expect(overBudget(spilt, budget(4, 0), '12.9')).toHaveLength(1);
    expect(overBudget(measured, budget(4, 0), '12.9')).toEqual([]);
  });
});
