import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertSameTokenizer } from '../tokenizer/same-tokenizer.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { DatasetError } from './dataset-error.js';
import { corrupt, idsFile, MANIFEST_FILE, parseManifest, parsePieces, piecesFile, TOKENIZER_FILE } from './manifest.js';
import { SplitReader } from './split-reader.js';
import { SPLIT_NAMES, type Dataset, type DatasetManifest, type SplitName } from './types.js';

/** How a dataset is opened. */
export interface OpenOptions {
  /** Reads all ids once and compares their checksums with the manifest; off by default. */
  readonly verify?: boolean;
}

/**
 * Opens a dataset. Sizes, pieces and the vocabulary are checked here, each id when it is first read.
 * @throws DatasetError RONDO_DATASET_MISSING, RONDO_DATASET_CORRUPT; TokenizerError for a changed vocabulary.
 */
export async function openDataset(dir: string, options: OpenOptions = {}): Promise<Dataset> {
  const manifest = parseManifest(await readManifest(dir), join(dir, MANIFEST_FILE));
  const tokenizer = await readTokenizer(dir, manifest);
  const readers = new Map<SplitName, SplitReader>();
  const close = (): void => readers.forEach((reader) => reader.close());
  try {
    for (const name of SPLIT_NAMES) readers.set(name, await openSplit(dir, name, manifest));
    if (options.verify === true) for (const name of SPLIT_NAMES) await verifyIds(dir, name, manifest);
  } catch (error) {
    close();
    throw error;
  }
  return {
    dir,
    tokenizer,
    manifest,
    split: (name) => readers.get(name) as SplitReader,
    close: async () => close(),
  };
}

async function readManifest(dir: string): Promise<string> {
  try {
    return await readFile(join(dir, MANIFEST_FILE), 'utf8');
  } catch (error) {
    const message = `${dir} is no dataset (it has no readable ${MANIFEST_FILE}): make one with "rondo prepare"`;
    throw new DatasetError('RONDO_DATASET_MISSING', message, { cause: error });
  }
}

async function readPart(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw corrupt(path, `it cannot be read (${error.code})`);
  });
}

async function readTokenizer(dir: string, manifest: DatasetManifest): Promise<Tokenizer> {
  const path = join(dir, TOKENIZER_FILE);
  let json: unknown;
  try {
    json = JSON.parse(await readPart(path));
  } catch (error) {
    throw error instanceof DatasetError ? error : corrupt(path, 'it is no JSON');
  }
  const tokenizer = Tokenizer.fromJSON(json);
  assertSameTokenizer(
    { name: join(dir, MANIFEST_FILE), fingerprint: manifest.tokenizerFingerprint, vocabulary: manifest.vocabulary },
    { name: path, fingerprint: tokenizer.fingerprint, vocabulary: tokenizer.vocabulary.size },
  );
  return tokenizer;
}

async function openSplit(dir: string, name: SplitName, manifest: DatasetManifest): Promise<SplitReader> {
  const { tokens, pieces } = manifest.splits[name];
  const list = join(dir, piecesFile(name));
  return new SplitReader({
    name,
    path: join(dir, idsFile(name)),
    idBytes: manifest.idBytes,
    tokens,
    vocabulary: manifest.vocabulary,
    pieces: parsePieces(await readPart(list), list, { pieces, tokens }),
  });
}

async function verifyIds(dir: string, name: SplitName, manifest: DatasetManifest): Promise<void> {
  const hash = createHash('sha256');
  const path = join(dir, idsFile(name));
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  if (hash.digest('hex') !== manifest.splits[name].sha256)
    throw corrupt(path, 'its checksum is not that of the manifest');
}
