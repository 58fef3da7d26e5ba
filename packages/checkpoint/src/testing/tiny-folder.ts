import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FILES } from '../bundle/files.js';
import { writeSafetensors } from '../safetensors/write.js';
import { readSafetensors } from '../safetensors/read.js';

/** The files of a folder that passes for a bundle, each of them marked with one number. */
export function markedFiles(mark: number): Map<string, Uint8Array[]> {
  const json = new TextEncoder().encode(JSON.stringify({ mark }));
  const tensor = { shape: [1000], data: new Float32Array(1000).fill(mark) };
  return new Map([
    [FILES.weights, [writeSafetensors(new Map([['mark', tensor]]))]],
    [FILES.seeds, [json]],
    [FILES.tokenizer, [json]],
    [FILES.config, [json]],
  ]);
}

/** The mark of a folder; throws where its files do not all carry the same one. */
export async function readMark(folder: string): Promise<number> {
  const texts = await Promise.all(
    [FILES.seeds, FILES.tokenizer, FILES.config].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const marks = texts.map((text) => (JSON.parse(text) as { mark: number }).mark);
  const tensors = readSafetensors(await readFile(join(folder, FILES.weights)));
  marks.push(...new Set(tensors.get('mark')!.data));
  if (new Set(marks).size !== 1) throw new Error(`${folder} mixes ${marks.join(', ')}`);
  return marks[0];
}
