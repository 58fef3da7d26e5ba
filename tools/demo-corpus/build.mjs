// node tools/demo-corpus/build.mjs FOLDER: compiles corpus/*.txt to MIDI files in FOLDER. Needs the built tokenizer.
import fs from 'node:fs';
import path from 'node:path';
import { compilePiece } from './compile.mjs';

const source = path.resolve(import.meta.dirname, '..', '..', 'corpus');

/** Names of the pieces, sorted. */
export function pieceNames() {
  return fs
    .readdirSync(source)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => file.slice(0, -4))
    .sort();
}

/** Compiles one piece of the corpus. */
export function compileFile(name) {
  return compilePiece(fs.readFileSync(path.join(source, `${name}.txt`), 'utf8'), name);
}

/** Writes all pieces as `NAME.mid`; returns their number. */
export async function buildCorpus(folder) {
  const { writeMidi } = await import('@rondo/tokenizer');
  fs.mkdirSync(folder, { recursive: true });
  const names = pieceNames();
  for (const name of names) fs.writeFileSync(path.join(folder, `${name}.mid`), writeMidi(compileFile(name).score));
  return names.length;
}

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename) {
  const folder = process.argv[2];
  if (!folder) {
    process.stderr.write('usage: node tools/demo-corpus/build.mjs FOLDER\n');
    process.exit(2);
  }
  try {
    const count = await buildCorpus(folder);
    process.stdout.write(`${count} pieces of public-domain and traditional music in ${folder}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
