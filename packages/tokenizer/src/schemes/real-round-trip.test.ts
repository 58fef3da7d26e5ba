import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MidiError } from '../errors.js';
import { readMidi } from '../midi/read-midi.js';
import { writeMidi } from '../midi/write-midi.js';
import type { Score } from '../score/score.js';
import { scoreByMidiFile, scoreByTone } from '../testing/foreign-readers.js';
import { TokenizerError } from '../tokenizer/tokenizer-error.js';
import { createScheme } from './registry.js';
import type { Scheme } from './scheme.js';

/** A folder of one's own music, to be taken instead. */
const OWN = process.env['RONDO_ROUND_TRIP_FOLDER'];
const DATA = OWN ?? process.env['RONDO_CHECK_DATA'];
/**
 * Every so-many-th file in the suite; `nx round-trip @rondo/tokenizer` takes all, and some of the archives. A run over all
 * may be divided: RONDO_ROUND_TRIP=0/4 is the first of four parts.
 */
const LONG = process.env['RONDO_ROUND_TRIP'];
const [PART, EVERY] = (LONG ?? '0/100').split('/').map(Number);
const FOLDERS =
  OWN !== undefined
    ? ['.']
    : ['tutorial-midi', 'jsb-quarter', 'nottingham', 'jsb-satb-16th', 'multi-instrument', 'odd-midi'];
const ARCHIVES = LONG !== undefined && OWN === undefined ? ['maestro.tar.xz', 'asap.tar.xz'] : [];
/** Of the archives, which hold more than two thousand large files. */
const EVERY_ARCHIVED = 16;

const SCHEMES = [
  createScheme('remi'),
  createScheme({ name: 'remi', programs: false, positionsPerQuarter: 4, velocityBins: 0 }),
  createScheme({ name: 'remi', pedals: true }),
  createScheme('performance'),
  createScheme({ name: 'performance', sustain: false, step: 20 }),
  createScheme({ name: 'performance', pedals: true }),
  createScheme({ name: 'grid', grid: '1/16' }),
  createScheme({ name: 'grid', grid: '1/12', holds: true }),
  createScheme('chord'),
  createScheme({ name: 'chord', voicing: true, durations: true, rests: true }),
];

/** What it keeps is written as a file, and read by others. */
const WRITTEN = createScheme({ name: 'remi', pedals: true });

const unpacked: string[] = [];
afterAll(() => unpacked.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

function filesOf(source: string): string[] {
  const path = join(DATA as string, source);
  const isArchive = source.endsWith('.tar.xz');
  const folder = isArchive ? mkdtempSync(join(tmpdir(), 'rondo-archive-')) : path;
  if (isArchive) {
    unpacked.push(folder);
    execFileSync('tar', ['xJf', path, '-C', folder]);
  }
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const midi = names.filter((name) => /\.(midi?|rmi|kar)$/i.test(name)).sort();
  const every = isArchive ? EVERY_ARCHIVED * EVERY : EVERY;
  return midi.filter((_, i) => i % every === PART).map((name) => join(folder, name));
}

function read(path: string): Score | undefined {
  try {
    return readMidi(readFileSync(path), { smpte: 'convert' });
  } catch (error) {
    if (error instanceof MidiError) return undefined;
    throw error;
  }
}

/** @returns the tokens, undefined where the piece is refused for its length */
function roundTrip(scheme: Scheme, score: Score): string[] | undefined {
  let tokens: string[];
  try {
    tokens = scheme.encode(score);
  } catch (error) {
    if (error instanceof TokenizerError && error.code === 'RONDO_SCHEME_TOO_LONG') return undefined;
    throw error;
  }
  const quantised = scheme.quantise(score);
  expect(scheme.decode(tokens)).toEqual(quantised);
  // The tutorial's plain chords keep neither octaves nor lengths: what is played back is read otherwise.
  if (scheme.specials) expect(scheme.encode(quantised)).toEqual(tokens);
  return tokens;
}

function expectLegal(scheme: Scheme, tokens: readonly string[]): void {
  const grammar = scheme.grammar();
  for (const token of scheme.specials ? ['BOS', ...tokens, 'EOS'] : tokens) {
    if (!grammar.allows(token)) throw new Error(`${token} is refused`);
    grammar.push(token);
  }
}

/** The Score without what other readers of MIDI do not tell: names. */
const nameless = (score: Score): Score => ({
  ...score,
  tracks: score.tracks.map((track) => ({ ...track, name: '' })),
});

describe.skipIf(!DATA)('every real file (needs RONDO_CHECK_DATA: the folder of test music)', () => {
  it.each([...FOLDERS, ...ARCHIVES])(
    '%s: there and back in every scheme, and through a written file',
    (source) => {
      let [pieces, refused] = [0, 0];
      const files = filesOf(source);
      for (const path of files) {
        const score = read(path);
        if (score === undefined) {
          refused += 1;
          continue;
        }
        pieces += 1;
        for (const scheme of SCHEMES) {
          const tokens = roundTrip(scheme, score);
          if (tokens !== undefined && tokens.length > 0) expectLegal(scheme, tokens);
        }
        const kept = WRITTEN.quantise(score);
        const bytes = writeMidi(kept);
        if (kept.tracks.length === 0) continue;
        expect(nameless(readMidi(bytes)), path).toEqual(nameless(kept));
        expect(scoreByMidiFile(bytes), path).toEqual(nameless(kept));
        if (kept.tracks.every(({ notes }) => notes.length < 4000)) {
          expect(scoreByTone(bytes), path).toEqual({ ...nameless(kept), keySignatures: [] });
        }
      }
      if (LONG !== undefined)
        process.stdout.write(`${source}: ${files.length} files, ${pieces} pieces, ${refused} refused\n`);
      expect(pieces).toBeGreaterThan(0);
    },
    LONG !== undefined ? 3_600_000 : 60_000,
  );
});
