// Before packing: puts the built addon where an installed package looks for it. Prints nothing, so that
// `npm pack --json` stays JSON.
import fs from 'node:fs';
import path from 'node:path';
import { fail, packageRoot } from './toolchain.mjs';

const built = path.join(packageRoot, 'build', 'Release', 'rondo_native.node');
const folder = path.join(packageRoot, 'prebuilds', `${process.platform}-${process.arch}`);

if (!fs.existsSync(built)) fail(`${built} is not there; build it first with: npx nx build-native @rondo/core-native`);
fs.mkdirSync(folder, { recursive: true });
fs.copyFileSync(built, path.join(folder, 'rondo_native.node'));
