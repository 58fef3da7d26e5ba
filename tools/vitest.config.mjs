import { defineConfig, mergeConfig } from 'vitest/config';
import { shared } from '../vitest.shared.mjs';

export default mergeConfig(
  shared('tools', import.meta.dirname),
  defineConfig({ test: { include: ['**/*.test.mjs'] } }),
);
