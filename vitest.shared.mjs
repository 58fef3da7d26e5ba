import { defineConfig } from 'vitest/config';

/** The test settings of every package: sources of siblings instead of their builds, and a result file that is summed at the end. */
export function shared(name, root) {
  return defineConfig({
    root,
    cacheDir: `${root}/../../node_modules/.vite/${name}`,
    resolve: { conditions: ['@rondo/source'] },
    ssr: { resolve: { conditions: ['@rondo/source'] } },
    test: {
      name,
      include: ['src/**/*.test.ts'],
      environment: 'node',
      pool: 'forks',
      maxWorkers: 2,
      testTimeout: 30_000,
      reporters: ['default', ['json', { outputFile: 'test-output/results.json' }]],
    },
  });
}
