// How fast `prepare` reads music, in notes per second, beside the bare parse of the same files by @tonejs/midi.
//   node tools/measure-prepare.mjs [FOLDER] [--json]
// Without a folder: made pieces of 1,000 to 64,000 notes, to show how the time grows. Build the packages first.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import toneMidi from '@tonejs/midi';
import { createScheme, readMidi, writeMidi } from '@rondo/tokenizer';
import { prepareDataset } from '@rondo/tokenizer/node';

const SIZES = [1000, 2000, 4000, 8000, 16000, 32000, 64000];
const FILES = 4; // of each size
const RUNS = 3;

/** A small generator of numbers 0 … bound − 1, so that every run reads the same music. */
function numbers(seed) {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Piano music of about ten notes a second in two tracks: chords below, single notes above. */
function piece(notes, seed) {
  const next = numbers(seed);
  const tracks = [0, 1].map(() => ({ name: 'piano', program: 0, isDrum: false, notes: [], pedals: [] }));
  for (let i = 0, tick = 0; i < notes; tick += 120) {
    const chord = tick % 480 === 0 ? 3 : 1;
    for (let voice = 0; voice < chord && i < notes; voice++, i++) {
      const pitch = chord > 1 ? 36 + 12 * voice + next(12) : 72 + next(24);
      const note = { tick, duration: chord > 1 ? 470 : 110, pitch, velocity: 40 + next(60) };
      tracks[chord > 1 ? 0 : 1].notes.push(note);
    }
  }
  const endTick = Math.max(...tracks.flatMap((track) => track.notes.map((note) => note.tick + note.duration)));
  return {
    ticksPerQuarter: 480,
    tempos: [{ tick: 0, microsecondsPerQuarter: 500000 }],
    timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
    keySignatures: [],
    tracks,
    endTick,
  };
}

function midiFiles(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .filter((name) => /\.midi?$/i.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Seconds of the fastest of some runs. */
async function fastest(work) {
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

function parseBare(files) {
  for (const bytes of files) {
    try {
      new toneMidi.Midi(bytes);
    } catch {
      // It refuses some files that `prepare` reads: their time counts all the same.
    }
  }
}

function tryRead(bytes) {
  try {
    return readMidi(bytes);
  } catch {
    return undefined;
  }
}

async function measure(folder, scratch) {
  const files = midiFiles(folder).map((name) => fs.readFileSync(name));
  const scores = files.map(tryRead).filter((score) => score !== undefined);
  const notes = scores.flatMap((score) => score.tracks).reduce((sum, track) => sum + track.notes.length, 0);
  const scheme = createScheme({ name: 'remi' });
  const prepare = (workers) =>
    fastest(async () => {
      const out = path.join(scratch, 'set');
      await prepareDataset({ inputs: [folder], out, workers });
      fs.rmSync(out, { recursive: true });
    });
  const cores = os.availableParallelism();
  return {
    files: files.length,
    notes,
    seconds: {
      toneMidi: await fastest(() => parseBare(files)),
      readMidi: await fastest(() => files.forEach(tryRead)),
      encode: await fastest(() => scores.forEach((score) => scheme.encode(score))),
      prepare: await prepare(0),
      [`prepare, ${cores} workers`]: await prepare(cores),
    },
  };
}

function show(rows) {
  const kinds = Object.keys(rows[0].seconds);
  const rate = (row, kind) => Math.round(row.notes / row.seconds[kind]).toLocaleString('en');
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const head = ['files', 'notes', ...kinds.map((kind) => `${kind}, notes/s`)];
  return [
    line(head),
    line(head.map(() => '---:')),
    ...rows.map((row) => line([row.files, row.notes.toLocaleString('en'), ...kinds.map((kind) => rate(row, kind))])),
  ].join('\n');
}

const given = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-prepare-'));
try {
  const rows = [];
  for (const folder of given) rows.push(await measure(folder, scratch));
  for (const size of given.length > 0 ? [] : SIZES) {
    const folder = path.join(scratch, String(size));
    fs.mkdirSync(folder);
    for (let i = 0; i < FILES; i++) fs.writeFileSync(path.join(folder, `${i}.mid`), writeMidi(piece(size, size + i)));
    rows.push(await measure(folder, scratch));
  }
  const report = {
    machine: { cpu: os.cpus()[0].model, cores: os.availableParallelism() },
    node: process.version,
    rows,
  };
  console.log(process.argv.includes('--json') ? JSON.stringify(report, null, 2) : show(rows));
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
