import fs from 'node:fs';
import path from 'node:path';
import { noteTable, readMidi, writeMidi, type Score } from '@rondo/tokenizer';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/run-rondo.js';
import { CorpusWriter, type CorpusOutputs } from './corpus-outputs.js';

/** A piece of so many quarters on one key. */
function piece(pitch: number, length: number): Score {
  const notes = Array.from({ length }, (_, i) => ({ tick: i * 480, duration: 480, pitch, velocity: 80 }));
  const score = { ticksPerQuarter: 480, tempos: [], timeSignatures: [], keySignatures: [], endTick: length * 480 };
  const track = { name: '', program: 0, isDrum: false, notes, pedals: [] };
  return readMidi(writeMidi({ ...score, tracks: [track] }));
}

describe('CorpusWriter', () => {
  const folder = temporaryFolder();
  const scores = [60, 62, 64, 65].map((pitch, i) => ({ file: `${i}.mid`, score: piece(pitch, 4 + i) }));

  async function written(outputs: CorpusOutputs): Promise<string[]> {
    const corpus = new CorpusWriter(outputs, scores.length);
    for (const piece of scores) await corpus.add(piece, noteTable(piece.score));
    return corpus.write([{ file: 'bad.mid', reason: 'the file is empty' }]);
  }

  it('writes one page about all pieces with as many rolls as asked for, and one table of all notes', async () => {
    const [html, parquet] = ['corpus.html', 'notes.parquet'].map((name) => path.join(folder, name));
    expect(await written({ html, rolls: 2, parquet })).toEqual([html, parquet]);
    const page = fs.readFileSync(html, 'utf8');
    expect(page.match(/<tbody>.*<\/tbody>/)?.[0].match(/<tr>/g)).toHaveLength(4);
    expect(page.match(/<title>\d\.mid<\/title>/g)).toEqual(['<title>0.mid</title>', '<title>2.mid</title>']);
    expect(page).toContain('the file is empty');
    const bytes = fs.readFileSync(parquet);
    expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', bytes.length - 4)]).toEqual(['PAR1', 'PAR1']);
  });

  it('writes nothing unasked', async () => {
    expect(await written({ rolls: 4 })).toEqual([]);
  });
});
