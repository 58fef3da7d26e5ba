import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../terminal/exit-codes.js';

/** What a command writes needs a folder of its own. @throws UsageError where `out` is the folder that it reads */
export function refuseOwnSource(out: string, source: string): void {
  if (real(out) !== real(source)) return;
  throw new UsageError(`--out must be another folder than the dataset, which is ${source}`);
}

/** Files of these names, beside each other, are a model bundle. */
const MARK = 'config.json';
const BUNDLE_FILES = /^(config|tokenizer|trainer_state)\.json$|\.safetensors$/;

/** @throws UsageError where a file of a model bundle would be replaced */
export function refuseBundleFile(out: string): void {
  if (!BUNDLE_FILES.test(path.basename(out)) || !fs.existsSync(out)) return;
  if (!fs.existsSync(path.join(path.dirname(out), MARK))) return;
  throw new UsageError(`--out ${out} is a file of a model bundle, which would be lost; choose another one`);
}

function real(place: string): string {
  try {
    return fs.realpathSync(place);
  } catch {
    return path.resolve(place);
  }
}
