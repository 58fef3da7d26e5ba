import { describe, expect, it } from 'vitest';
import { Pace } from './pace.js';

/** The threads that are asked for after each of `count` files, each of which takes so many seconds. */
function asked(count: number, cores: number, seconds: (file: number) => number): number[] {
  let clock = 0;
  const pace = new Pace(count, cores, () => clock);
  return Array.from({ length: count }, (_, file) => {
    pace.time(() => (clock += seconds(file)));
    return pace.threads(file + 1);
  });
}

describe('the pace of reading', () => {
  it('starts no thread for a few files, whatever the cores', () => {
    expect(asked(40, 64, () => 0.005).some((threads) => threads > 0)).toBe(false);
    expect(asked(3, 64, () => 0.2).some((threads) => threads > 0)).toBe(false);
  });

  it('starts as many as there are cores for many files, soon', () => {
    const threads = asked(100_000, 8, () => 0.002);
    expect(threads.findIndex((count) => count > 0)).toBeLessThan(150);
    expect(Math.max(...threads)).toBe(8);
  });

  it('starts few where there is little left', () => {
    expect(Math.max(...asked(1000, 64, () => 0.004))).toBeLessThan(8);
  });

  it('is not misled by a slow beginning, and sees it when files become long', () => {
    expect(asked(60, 8, (file) => (file < 10 ? 0.02 : 0.002)).some((threads) => threads > 0)).toBe(false);
    expect(asked(300, 8, (file) => (file < 150 ? 0.001 : 0.1)).find((count) => count > 0)).toBeGreaterThan(3);
  });

  it('wants two threads at least: one would only change places with this one', () => {
    expect(asked(100_000, 1, () => 0.002).some((threads) => threads > 0)).toBe(false);
  });
});
