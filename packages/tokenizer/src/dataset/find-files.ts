import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { compareCodePoints } from '../tokenizer/vocabulary.js';
import { DatasetError } from './dataset-error.js';

const EXTENSIONS = new Set(['.mid', '.midi', '.rmi', '.kar']);

/** A file to read. */
export interface SourceFile {
  /** The path as the user will know it. */
  readonly path: string;
  /** The path below its input folder, folder's own name first: the same on every machine. */
  readonly label: string;
  /** Tells whether two paths are the same file. */
  readonly real: string;
}

/**
 * The MIDI files of files and folders, each once: inputs in the given order, inside a folder by name.
 * A file that is named itself is taken whatever its extension.
 * @throws DatasetError RONDO_DATASET_INPUT for what does not exist or cannot be listed.
 */
export async function findMidiFiles(inputs: readonly string[]): Promise<SourceFile[]> {
  const found = new Map<string, SourceFile>();
  for (const input of inputs) {
    const root = basename(resolve(input));
    for (const inside of await listInput(input)) {
      const path = inside === '' ? input : join(input, inside);
      const real = await realpath(path).catch(() => resolve(path));
      const label = inside === '' ? root : `${root}/${inside}`;
      if (!found.has(real)) found.set(real, { path, label, real });
    }
  }
  return [...found.values()];
}

async function listInput(input: string): Promise<string[]> {
  try {
    if (!(await stat(input)).isDirectory()) return [''];
    const files: string[] = [];
    await walk(input, '', new Set(), files);
    return files.sort(compareCodePoints);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? String(error)})`;
    throw new DatasetError('RONDO_DATASET_INPUT', `the input ${input} ${what}`, { cause: error });
  }
}

/** Adds the MIDI files below `root/inside`; links are followed, but no folder is entered twice. */
async function walk(root: string, inside: string, seen: Set<string>, files: string[]): Promise<void> {
  const folder = join(root, inside);
  const real = await realpath(folder);
  if (seen.has(real)) return;
  seen.add(real);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    // A dangling link is reported as a file that cannot be read, if its name says MIDI.
    const isFolder = entry.isSymbolicLink()
      ? await stat(join(root, path)).then((target) => target.isDirectory(), () => false) // prettier-ignore
      : entry.isDirectory();
    if (isFolder) await walk(root, path, seen, files);
    else if (EXTENSIONS.has(extname(entry.name).toLowerCase())) files.push(path);
  }
}
