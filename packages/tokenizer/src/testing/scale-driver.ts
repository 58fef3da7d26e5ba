import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pitchExtent, transpose } from '../augment/augment.js';
import { prepareDataset } from '../dataset/prepare.js';
import type { PrepareOptions, PrepareReport } from '../dataset/types.js';
import { readMidi } from '../midi/read-midi.js';
import { writeMidi } from '../midi/write-midi.js';
import type { Score } from '../score/score.js';
import { drawnTunes } from './corpus-tunes.js';

/** What a run of the driver measured; it prints this as JSON. */
export interface ScaleReport {
  readonly files: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Cores at work on average: processor time by time. */
  readonly cores: number;
  /** Files that were read in this run; the others had been read before it was stopped. */
  readonly read: number;
  /** Largest resident memory of the process, all threads included. */
  readonly peakMegabytes: number;
  /** Of all files of the dataset. */
  readonly sha256: string;
}

interface ScaleTask {
  readonly folder: string;
  readonly files: number;
  /** First file to make; those before it are there. */
  readonly from?: number;
  readonly workers: number;
  /** Stop after so many files, as Ctrl-C does; the next run goes on there. */
  readonly stopAfter?: number;
  /** MIDI files to make the many from; some plain tunes by default. */
  readonly seeds?: string;
}

/**
 * A program of its own, so that its memory is that of `prepare` alone: `make` writes the files, `prepare` reads them.
 * `node scale-driver.js make|prepare '{"folder": …}'`
 */
const [, , mode, text] = process.argv;
const task = JSON.parse(text) as ScaleTask;
if (mode === 'make') makeFiles(task);
else process.stdout.write(JSON.stringify(await prepare(task)));

/** Copies of the seeds in twelve keys and ever slower note values, a thousand to a folder: no two have the same notes. */
function makeFiles({ folder, from = 0, files, seeds }: ScaleTask): void {
  const scores = seeds === undefined ? drawnTunes(40) : readSeeds(seeds);
  for (let made = from; made < files; made += 1) {
    const dir = join(folder, 'midi', String(Math.floor(made / 1000)));
    if (made === from || made % 1000 === 0) mkdirSync(dir, { recursive: true });
    const round = Math.floor(made / scores.length);
    const copy = slower(inKey(scores[made % scores.length], (round % 12) - 6), 1 + Math.floor(round / 12) / 64);
    writeFileSync(join(dir, `${made}.mid`), writeMidi(copy));
  }
}

function readSeeds(folder: string): Score[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.mid'));
  return names.sort().map((name) => readMidi(readFileSync(join(folder, name))));
}

function inKey(score: Score, semitones: number): Score {
  const { low, high } = pitchExtent(score) ?? { low: 60, high: 60 };
  return low + semitones < 0 || high + semitones > 127 ? score : transpose(score, semitones);
}

function slower(score: Score, factor: number): Score {
  const at = (tick: number): number => Math.round(tick * factor);
  const moved = <T extends { tick: number }>(items: readonly T[]): T[] =>
    items.map((item) => ({ ...item, tick: at(item.tick) }));
  const tracks = score.tracks.map((track) => ({
    ...track,
    pedals: [],
    notes: moved(track.notes).map((note) => ({ ...note, duration: Math.max(1, at(note.duration)) })),
  }));
  const ends = tracks.flatMap(({ notes }) => notes.map(({ tick, duration }) => tick + duration));
  const { tempos, timeSignatures } = score;
  return {
    ...score,
    tempos: moved(tempos),
    timeSignatures: moved(timeSignatures),
    keySignatures: [],
    tracks,
    endTick: Math.max(...ends),
  };
}

async function prepare({
  folder,
  workers,
  stopAfter = Infinity,
}: ScaleTask): Promise<ScaleReport | { stopped: number; peakMegabytes: number }> {
  const out = join(folder, `set-${workers}`);
  const stop = new AbortController();
  const seen = { first: 0, last: 0 };
  const onProgress: PrepareOptions['onProgress'] = ({ phase, done }) => {
    if (phase !== 'read') return;
    seen.first ||= done;
    seen.last = done;
    if (done >= stopAfter) stop.abort();
  };
  const options = { inputs: [join(folder, 'midi')], out, workers, signal: stop.signal, onProgress };
  const report = await prepareDataset(options).catch((error: { code?: string }) => {
    if (error.code === 'RONDO_DATASET_ABORTED') return undefined;
    throw error;
  });
  return report === undefined
    ? { stopped: seen.last, peakMegabytes: peakMegabytes() }
    : measured(out, report, seen.last - seen.first + 1);
}

function measured(out: string, { files, tokens, seconds }: PrepareReport, read: number): ScaleReport {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const hash = createHash('sha256');
  // The manifest holds the checksums of the ids, which may be large.
  const names = readdirSync(out).filter((name) => !name.endsWith('.ids'));
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(out, name)));
  rmSync(out, { recursive: true });
  return {
    files: files.ok,
    tokens: tokens.train + tokens.valid + tokens.test,
    seconds,
    cores: (userCPUTime + systemCPUTime) / 1e6 / seconds,
    read,
    peakMegabytes: peakMegabytes(),
    sha256: hash.digest('hex'),
  };
}

function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}
