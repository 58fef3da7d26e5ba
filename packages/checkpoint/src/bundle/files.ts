import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { headerLength, parseHeader } from '../safetensors/header.js';
import { PREFIX_BYTES } from '../safetensors/types.js';

/**
 * The files of a bundle in the order of writing; the first two stand in resumable checkpoints only. The config comes
 * last: a folder that has one was written to its end.
 */
export const FILES = {
  optimizer: 'optimizer.safetensors',
  trainer: 'trainer_state.json',
  weights: 'model.safetensors',
  seeds: 'seeds.json',
  tokenizer: 'tokenizer.json',
  config: 'config.json',
} as const;

const KNOWN = new Set<string>(Object.values(FILES));

/** What file browsers leave behind. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** Names in a folder that no bundle contains. */
export function strangers(names: readonly string[]): string[] {
  return names.filter((name) => !KNOWN.has(name) && !LITTER.has(name));
}

/**
 * True when a folder looks like a bundle that was written to its end: every JSON parses and every tensor file is as long
 * as its header says. Cheap: no tensor is read.
 */
export async function isComplete(folder: string): Promise<boolean> {
  try {
    for (const name of [FILES.config, FILES.tokenizer, FILES.seeds]) await readJsonFile(join(folder, name));
    await checkTensorFile(join(folder, FILES.weights));
    const trainer = await readJsonFile(join(folder, FILES.trainer)).catch(ignoreMissing);
    if (trainer !== undefined) await checkTensorFile(join(folder, FILES.optimizer));
    return true;
  } catch {
    return false;
  }
}

async function readJsonFile(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function checkTensorFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const prefix = await readStart(file, Math.min(PREFIX_BYTES, size));
    const header = headerLength(prefix, size, path);
    parseHeader(await readStart(file, PREFIX_BYTES + header), size, path);
  } finally {
    await file.close();
  }
}

async function readStart(file: Awaited<ReturnType<typeof open>>, bytes: number): Promise<Uint8Array> {
  const out = new Uint8Array(bytes);
  await file.read(out, 0, bytes, 0);
  return out;
}
