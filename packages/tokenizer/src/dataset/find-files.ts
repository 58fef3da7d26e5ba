import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { compareCodePoints } from '../tokenizer/vocabulary.js';
import { listArchive, isArchive, type ArchiveOptions, type OpenArchive } from './archive/archive.js';
import type { ArchiveMember } from './archive/member.js';
import { DatasetError } from './dataset-error.js';
import { globPattern, isGlob, splitGlob } from './glob.js';

const EXTENSIONS = new Set(['.mid', '.midi', '.rmi', '.kar']);

/** A file to read. */
export interface SourceFile {
  /** The path as the user will know it. */
  readonly path: string;
  /** The path below its input folder, folder's own name first: the same on every machine. */
  readonly label: string;
  /** Tells whether two paths are the same file. */
  readonly real: string;
  /** Where its bytes are: the file itself, or the one that holds `member`. */
  readonly location: string;
  readonly member?: ArchiveMember;
}

/** What was found under one input; files hold it once together, so that a hundred thousand of them stay small. */
interface Root {
  readonly path: string;
  readonly name: string;
  readonly real: string;
  readonly location?: string;
}

class FoundFile implements SourceFile {
  /** @param inside path below the root, empty for the root itself; @param link its real path where a link leads elsewhere */
  constructor(
    private readonly root: Root,
    private readonly inside: string,
    private readonly link?: string,
    readonly member?: ArchiveMember,
  ) {}

  get path(): string {
    return this.inside === '' ? this.root.path : join(this.root.path, this.inside);
  }

  get label(): string {
    return this.inside === '' ? this.root.name : `${this.root.name}/${this.inside}`;
  }

  get real(): string {
    if (this.link !== undefined) return this.link;
    return join(this.root.real, this.inside);
  }

  get location(): string {
    return this.root.location ?? this.path;
  }
}

/**
 * The MIDI files of files, folders and glob patterns, each once: inputs in the given order, inside a folder by name.
 * A file that is named itself is taken whatever its extension. With `archives`, what stands in a `.zip`, `.tar`,
 * `.tar.gz` or `.tgz` that is named (or matched) is taken like the files of a folder.
 * @throws DatasetError RONDO_DATASET_INPUT for what does not exist or cannot be listed.
 */
export async function findMidiFiles(inputs: readonly string[], archives?: ArchiveOptions): Promise<SourceFile[]> {
  const found = new Map<string, SourceFile>();
  for (const input of inputs) {
    for (const file of await listInput(input, archives)) if (!found.has(file.real)) found.set(file.real, file);
  }
  return [...found.values()];
}

async function listInput(input: string, archives: ArchiveOptions | undefined): Promise<SourceFile[]> {
  try {
    const info = await stat(input).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && isGlob(input)) return undefined;
      throw error;
    });
    if (info === undefined) return await listGlob(input, archives);
    const root = await rootOf(input);
    if (info.isDirectory()) return await listFolder(root, isMidi);
    if (archives !== undefined && isArchive(input))
      return membersOf(root, await listArchive(input, root.real, archives));
    return [new FoundFile(root, '')];
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? String(error)})`;
    throw new DatasetError('RONDO_DATASET_INPUT', `the input ${input} ${what}`, { cause: error });
  }
}

async function rootOf(path: string): Promise<Root> {
  return { path, name: basename(resolve(path)), real: await realpath(path).catch(() => resolve(path)) };
}

/** Folders that match are read like named ones, and so are archives; of files those with a MIDI extension count. */
async function listGlob(pattern: string, archives: ArchiveOptions | undefined): Promise<SourceFile[]> {
  const { base, rest } = splitGlob(pattern);
  const matches = globPattern(rest.replace(/\/+$/, ''));
  const root = await rootOf(base);
  const files: SourceFile[] = [];
  const wanted = (path: string): boolean =>
    (isMidi(path) || (archives !== undefined && isArchive(path))) &&
    path.split('/').some((_, i, parts) => matches.test(parts.slice(0, i + 1).join('/')));
  const depth = rest.includes('**') ? Infinity : rest.split('/').length;
  const enter = (folder: string): boolean =>
    folder.split('/').length < depth || matches.test(folder) || isBelow(folder);
  const isBelow = (path: string): boolean =>
    path.split('/').some((_, i, parts) => matches.test(parts.slice(0, i).join('/')));
  for (const file of await listFolder(root, wanted, enter)) {
    if (archives === undefined || !isArchive(file.path)) files.push(file);
    else files.push(...(await listInput(file.path, archives)));
  }
  if (files.length > 0) return files;
  throw new DatasetError('RONDO_DATASET_INPUT', `no MIDI file matches ${pattern}`);
}

function membersOf(root: Root, { location, members }: OpenArchive): SourceFile[] {
  const counts = new Map<string, number>();
  const wanted = members.filter(({ name }) => isMidi(name)).sort((a, b) => compareCodePoints(a.name, b.name));
  return wanted.map((member) => {
    // An archive may hold one name several times; each is a file of its own.
    const count = (counts.get(member.name) ?? 0) + 1;
    counts.set(member.name, count);
    const inside = count === 1 ? member.name : `${member.name} (${count})`;
    return new FoundFile({ ...root, location }, inside, `${root.real}!${inside}`, member);
  });
}

export function isMidi(path: string): boolean {
  return EXTENSIONS.has(extname(path).toLowerCase());
}

async function listFolder(
  root: Root,
  wanted: (path: string) => boolean,
  enter: (folder: string) => boolean = () => true,
): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  const take = (inside: string, link: string | undefined): void => {
    if (wanted(inside)) files.push(new FoundFile(root, inside, link));
  };
  await walk(root, '', new Set(), { take, enter });
  const names = new Map(files.map((file) => [file, file.label]));
  return files.sort((a, b) => compareCodePoints(names.get(a) as string, names.get(b) as string));
}

interface Visitor {
  take(inside: string, link: string | undefined): void;
  enter(inside: string): boolean;
}

/** Gives the files below `root/inside`; links are followed, but no folder is entered twice. */
async function walk(root: Root, inside: string, seen: Set<string>, visitor: Visitor): Promise<void> {
  const folder = join(root.path, inside);
  const real = await realpath(folder);
  if (seen.has(real)) return;
  seen.add(real);
  const isLinked = real !== join(root.real, inside);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isSymbolicLink()) {
      const target = join(folder, entry.name);
      // A dangling link is reported as a file that cannot be read, if its name says MIDI.
      const isFolder = await stat(target).then((info) => info.isDirectory(), () => false); // prettier-ignore
      if (!isFolder) visitor.take(path, await realpath(target).catch(() => resolve(target)));
      else if (visitor.enter(path)) await walk(root, path, seen, visitor);
    } else if (!entry.isDirectory()) visitor.take(path, isLinked ? join(real, entry.name) : undefined);
    else if (visitor.enter(path)) await walk(root, path, seen, visitor);
  }
}
