import { describe, expect, it } from 'vitest';
import { bench } from './bench.js';

describe('bench', () => {
  it('measures the cases asked for beside the machine, and tells of each', async () => {
    const seen: string[] = [];
    const report = await bench({ threads: 1, seconds: 0, only: 'gemm/128x', onCase: (row) => seen.push(row.name) });
    expect(report.peak.fmaGflops).toBeGreaterThan(0);
    expect(report.peak.readGBps).toBeGreaterThan(0);
    expect(report.cases).toEqual([expect.objectContaining({ name: 'gemm/128x512x300', threads: 1 })]);
    const [row] = report.cases;
    expect(row.gflops).toBeCloseTo((2 * 128 * 512 * 300) / row.ms / 1e6, 6);
    expect(row.medianMs).toBeGreaterThanOrEqual(row.ms);
    expect(seen).toEqual(['gemm/128x512x300']);
  });

  it('ends soon when it is told to, and says that it was', async () => {
    const controller = new AbortController();
    const measured = bench({ threads: 1, seconds: 600, only: 'gemm/128x', signal: controller.signal });
    const begun = performance.now();
    setTimeout(() => controller.abort(), 50);
    await expect(measured).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - begun).toBeLessThan(60_000);
    await expect(bench({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('refuses options that it cannot follow', async () => {
    await expect(bench({ threads: -1 })).rejects.toMatchObject({ code: 'RONDO_ENGINE_OPTION' });
    await expect(bench({ seconds: Number.NaN })).rejects.toMatchObject({ code: 'RONDO_ENGINE_OPTION' });
    await expect(bench({ batchSizes: [0] })).rejects.toMatchObject({ code: 'RONDO_ENGINE_OPTION' });
  });
});
