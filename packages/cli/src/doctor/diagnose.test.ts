import { describe, expect, it } from 'vitest';
import { cudaProblems } from './diagnose.js';

const nvcc = [{ name: 'nvcc', version: '13.0' }];
const note = 'the NVIDIA driver offers CUDA 12.2, and this build needs 13.0; install driver 580 or newer';

describe('what doctor says of CUDA', () => {
  it('says nothing where there is no driver, or where a device answers', () => {
    expect(cudaProblems({ cudaBuilt: true, cudaNote: 'no NVIDIA driver is installed' }, nvcc, false)).toEqual([]);
    expect(cudaProblems({ cudaBuilt: false, cudaNote: 'no CUDA support in this build' }, [], false)).toEqual([]);
    expect(cudaProblems({ cudaBuilt: true, cudaNote: '' }, nvcc, true)).toEqual([]);
  });

  it('takes the remedy from the engine, which knows the versions', () => {
    expect(cudaProblems({ cudaBuilt: true, cudaNote: note }, nvcc, true)).toEqual([
      {
        what: 'CUDA: the NVIDIA driver offers CUDA 12.2, and this build needs 13.0',
        remedy: 'install driver 580 or newer',
      },
    ]);
    const [problem] = cudaProblems({ cudaBuilt: true, cudaNote: 'no CUDA-capable device is detected' }, nvcc, true);
    expect(problem.remedy).toContain('nvidia-smi');
  });

  it('tells how to build CUDA in where a driver waits for it', () => {
    const without = { cudaBuilt: false, cudaNote: 'no CUDA support in this build' };
    expect(cudaProblems(without, nvcc, true)[0].remedy).toBe('RONDO_CUDA=ON npx nx build-native core-native');
    expect(cudaProblems(without, [{ name: 'nvcc' }], true)[0].remedy).toContain('CUDA toolkit');
  });
});
