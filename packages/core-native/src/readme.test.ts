import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

it("the readme's code is the example that runs against the packed package", () => {
  const block = /```js\n([\s\S]*?)```/.exec(read('../README.md'))?.[1] ?? '';
  expect(block).toContain("from '@rondo/core-native'");
  expect(read('../../../examples/core-native.mjs')).toContain(block);
});
