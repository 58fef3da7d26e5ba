import fc from 'fast-check';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { musicMetrics } from '../analysis/metrics.js';
import { MidiError } from '../errors.js';
import { createScheme } from '../schemes/registry.js';
import type { Scheme } from '../schemes/scheme.js';
import type { Score } from '../score/score.js';
import { noteTable } from '../table/note-table.js';
import { TokenizerError } from '../tokenizer/tokenizer-error.js';
import { readMidi } from './read-midi.js';
import { chunk, meta, midiFile, off, on, pedal, program, tempo, track } from './testing/midi-bytes.js';
import { writeMidi } from './write-midi.js';

/** A few in the suite; `nx fuzz @rondo/tokenizer` takes twenty thousand, of real files too where RONDO_CHECK_DATA is set. */
const IS_LONG = process.env['RONDO_LONG'] !== undefined;
const MUTANTS = Number(process.env['RONDO_FUZZ_MUTANTS'] ?? (IS_LONG ? 20_000 : 1000));
/** Other seeds, other mutants. */
const SEED = Number(process.env['RONDO_FUZZ_SEED'] ?? 20);
/** Of the processor, so that a busy machine changes nothing. */
const SLOWEST_MS = 1000;

const MADE = [
  midiFile(
    {},
    track(tempo(0, 400_000), meta(0, 0x58, [3, 2, 24, 8]), meta(0, 0x59, [2, 0]), tempo(960, 500_000)),
    scale(0),
    scale(1),
  ),
  midiFile({ format: 0, division: 480 }, track(program(0, 7), pedal(0, 127), ...notes(0), ...notes(9), pedal(100, 0))),
  midiFile({ format: 2 }, scale(3), chunk('Junk', [1, 2, 3]), scale(4)),
  midiFile({ division: 0xe728 }, scale(0)),
  Uint8Array.from([
    ...chunk('RIFF', []).slice(0, 4),
    200,
    0,
    0,
    0,
    ...chunk('RMID', []).slice(0, 4),
    ...chunk('data', []).slice(0, 4),
    180,
    0,
    0,
    0,
    ...midiFile({}, scale(0), scale(0)),
  ]),
];

/** Odd files and some of each corpus, none larger than 32 kB, in the long run only. */
function realFiles(): Uint8Array[] {
  const data = process.env['RONDO_CHECK_DATA'];
  if (!IS_LONG || data === undefined) return [];
  return ['odd-midi', 'tutorial-midi', 'multi-instrument', 'jsb-quarter/valid', 'nottingham/valid'].flatMap(
    (folder) => {
      const names = readdirSync(join(data, folder), { recursive: true, encoding: 'utf8' }).sort();
      const paths = names.filter((name) => /\.(midi?|rmi|kar)$/i.test(name)).map((name) => join(data, folder, name));
      const small = paths.filter((path) => statSync(path).size < 32_768 && statSync(path).size > 0);
      return small.slice(0, 100).map((path) => new Uint8Array(readFileSync(path)));
    },
  );
}

const SEEDS = [...MADE, ...realFiles()];

function notes(channel: number): number[][] {
  return Array.from({ length: 12 }, (_, i) => [...on(i % 3, 50 + i, 60 + i, channel), ...off(40 + i, 50 + i, channel)]);
}

function scale(channel: number): number[] {
  return track(meta(0, 3, [65, 66]), program(0, 20 + channel, channel), ...notes(channel));
}

type Mutation = { kind: 'set' | 'insert' | 'delete' | 'repeat' | 'cut'; place: number; value: number };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('set', 'set', 'set', 'set', 'set', 'set', 'insert', 'delete', 'repeat', 'cut'),
  // Not fc.double: nearly all doubles lie next to 0, and only headers would be hit.
  place: fc.nat(1_000_000).map((part) => part / 1_000_000),
  value: fc.oneof(fc.nat(255), fc.constantFrom(0x80, 0x8f, 0x90, 0xff, 0x7f, 0)),
});

/** Many changes of bytes, few of the structure (which mostly end in a refusal), or a heap of anything. */
const mutations: fc.Arbitrary<Mutation[]> = fc.oneof(
  fc.array(
    mutation.map((any): Mutation => ({ ...any, kind: 'set' })),
    { minLength: 1, maxLength: 8 },
  ),
  fc.array(mutation, { minLength: 1, maxLength: 2 }),
  fc.array(mutation, { minLength: 1, maxLength: 12 }),
);

function mutate(bytes: Uint8Array, { kind, place, value }: Mutation): Uint8Array {
  const at = Math.min(bytes.length - 1, Math.floor(place * bytes.length));
  switch (kind) {
    case 'set':
      return Uint8Array.from(bytes).fill(value, at, at + 1);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), Uint8Array.of(value), bytes.subarray(at)]);
    case 'delete':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, at + value), bytes.subarray(at)]);
    case 'cut':
      return value < 200 ? bytes : bytes.subarray(0, at);
  }
}

const SCHEMES = [
  createScheme('remi'),
  createScheme({ name: 'remi', pedals: true, programs: false }),
  createScheme('performance'),
  createScheme({ name: 'grid', holds: true }),
  createScheme('chord'),
  createScheme({ name: 'chord', durations: true, rests: true, voicing: true }),
];

/** A scheme takes the piece, and gets back what it wrote; or refuses one of absurd length. */
function expectEncodes(scheme: Scheme, score: Score): void {
  try {
    const tokens = scheme.encode(score);
    // The tutorial's plain chords keep neither octaves nor lengths: they do not come back.
    if (scheme.specials && tokens.length < 2000)
      expect(scheme.encode(scheme.decode(tokens)).join(' ')).toBe(tokens.join(' '));
  } catch (error) {
    if (!(error instanceof TokenizerError)) throw error;
    expect(error.code).toBe('RONDO_SCHEME_TOO_LONG');
  }
}

function expectSound(score: Score): void {
  const whole = (value: number, low: number, high = Number.MAX_SAFE_INTEGER) =>
    expect(Number.isInteger(value) && value >= low && value <= high).toBe(true);
  for (const { notes, pedals, program } of score.tracks) {
    whole(program, 0, 127);
    for (const { tick, duration, pitch, velocity } of notes) {
      whole(tick, 0, score.endTick);
      whole(duration, 1, score.endTick + 1 - tick);
      whole(pitch, 0, 127);
      whole(velocity, 1, 127);
    }
    for (const { tick, duration } of pedals) whole(duration, 1, score.endTick - tick);
  }
  for (const row of noteTable(score)) expect([row.start, row.end, row.step].every(Number.isFinite)).toBe(true);
  expect(Object.values(musicMetrics(score)).some(Number.isNaN)).toBe(false);
  expect(readMidi(writeMidi(score)).tracks.length).toBe(score.tracks.length);
  for (const scheme of SCHEMES) expectEncodes(scheme, score);
}

describe('damaged files', () => {
  it(
    `${MUTANTS} mutants are read soundly or refused with a reason, none slowly`,
    () => {
      let read = 0;
      let slowest = 0;
      const mutants = fc.tuple(fc.nat(SEEDS.length - 1), mutations);
      fc.assert(
        fc.property(mutants, ([seed, changes]) => {
          const bytes = changes.reduce(mutate, SEEDS[seed]);
          const start = process.cpuUsage();
          try {
            const score = readMidi(bytes, { smpte: 'convert', truncated: 'salvage' });
            read++;
            expectSound(score);
          } catch (error) {
            if (!(error instanceof MidiError)) throw error;
            expect(error.message).toMatch(/^[^\n]+$/);
          }
          const { user, system } = process.cpuUsage(start);
          slowest = Math.max(slowest, (user + system) / 1000);
        }),
        { numRuns: MUTANTS, seed: SEED },
      );
      expect(read).toBeGreaterThan(MUTANTS / 6);
      if (IS_LONG)
        process.stdout.write(`${SEEDS.length} seeds, ${read} of ${MUTANTS} read, slowest ${slowest.toFixed(0)} ms\n`);
      expect(slowest).toBeLessThan(SLOWEST_MS);
    },
    3 * 3_600_000,
  );
});
