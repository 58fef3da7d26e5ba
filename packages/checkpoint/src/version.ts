import { createRequire } from 'node:module';

/** Version of this package, as bundles and exported files name it. */
export const { version: rondoVersion } = createRequire(import.meta.url)('@rondo/checkpoint/package.json') as {
  version: string;
};
