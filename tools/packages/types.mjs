// A TypeScript project on the installed packages: every export has types that a strict compiler accepts.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../lib/setup.mjs';

/** @throws Error with what the compiler says */
export function checkTypes(folder, packages) {
  const specifiers = packages.flatMap(({ manifest: { name, exports } }) =>
    Object.entries(exports).flatMap(([key, target]) => (typeof target === 'string' ? [] : [name + key.slice(1)])),
  );
  const lines = specifiers.map((specifier, at) => `import * as m${at} from '${specifier}';\nvoid m${at};\n`);
  const required = specifiers.map((specifier, at) => `import m${at} = require('${specifier}');\nvoid m${at};\n`);
  fs.writeFileSync(path.join(folder, 'modules.mts'), `${lines.join('')}${USE}`);
  fs.writeFileSync(path.join(folder, 'common.cts'), required.join(''));
  const config = {
    compilerOptions: {
      ...{ target: 'es2023', lib: ['es2023'], module: 'nodenext', strict: true, noEmit: true, skipLibCheck: false },
      ...{ types: ['node'], typeRoots: [path.join(root, 'node_modules', '@types')] },
    },
    files: ['modules.mts', 'common.cts'],
  };
  fs.writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { cwd: folder, encoding: 'utf8' });
  // Libraries that ours are built on may want types of browsers; what they lack is not for us to check.
  const ours = stdout.split('\n').filter((line) => /^(modules|common|node_modules.@rondo)/.test(line));
  if (ours.length > 0 || (status !== 0 && !stdout.includes('node_modules'))) throw new Error(ours.join('\n') || stdout);
}

/** Types that must be there and narrow enough to be of use. */
const USE = `
import { Network, type NetworkSpec, type StepResult } from '@rondo/core-native';
import { createScheme } from '@rondo/tokenizer';

const spec: NetworkSpec = {
  inputs: [{ kind: 'oneHot', name: 'token', vocabulary: 3 }],
  layers: [{ kind: 'lstm', units: 4 }],
  heads: [{ kind: 'softmax', name: 'next', vocabulary: 3 }],
};
export const result = (network: Network): Promise<StepResult> =>
  network.trainStep({ batch: 1, time: 1, inputs: { token: Int32Array.of(0) } }, { learningRate: 0.1 });
export const scheme = createScheme('chord');
// @ts-expect-error a layer of this kind does not exist
spec.layers.push({ kind: 'gru', units: 4 });
`;
