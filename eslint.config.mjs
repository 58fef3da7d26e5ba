import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** The direction of the arrows: who may import whom. See docs/architecture.md. */
const boundaries = [
  { sourceTag: 'scope:engine', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:music', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:bundle', onlyDependOnLibsWithTags: ['scope:engine', 'scope:music'] },
  { sourceTag: 'scope:learning', onlyDependOnLibsWithTags: ['scope:bundle', 'scope:engine', 'scope:music'] },
  { sourceTag: 'scope:generation', onlyDependOnLibsWithTags: ['scope:bundle', 'scope:engine', 'scope:music'] },
  { sourceTag: 'scope:presentation', onlyDependOnLibsWithTags: ['scope:music'] },
  { sourceTag: 'scope:app', onlyDependOnLibsWithTags: ['*'] },
];

export default [
  { ignores: ['**/dist', '**/build', '**/out-tsc', '**/test-output', '**/*.config.mjs', 'demo'] },
  { plugins: { '@nx': nx } },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: true, allow: [], depConstraints: boundaries },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['packages/cli/**/*.ts', 'packages/*/scripts/**'], rules: { 'no-console': 'off' } },
];
