// Checks (or with --write repairs) the formatting of the C++ sources with clang-format.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fail, root } from './lib/setup.mjs';

const native = path.join(root, 'packages', 'core-native', 'native');
const sources = fs
  .readdirSync(native, { recursive: true })
  .filter((name) => /\.(cpp|h|cu|cuh)$/.test(name))
  .map((name) => path.join(native, name));
const mode = process.argv.includes('--write') ? ['-i'] : ['--dry-run', '--Werror'];
const result = spawnSync('clang-format', [...mode, ...sources], { stdio: 'inherit' });
if (result.error) fail('clang-format is not installed. Install it with: sudo apt-get install clang-format');
process.exit(result.status ?? 1);
