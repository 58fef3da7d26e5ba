import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pitchExtent, transpose } from '../augment/augment.js';
import { prepareDataset } from '../dataset/prepare.js';
import { readMidi } from '../midi/read-midi.js';
import { writeMidi } from '../midi/write-midi.js';
import type { Score } from '../score/score.js';
import { drawnTunes } from './corpus-tunes.js';

/** What a run of the driver measured; it prints this as JSON. */
export interface ScaleReport {
  readonly files: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Largest resident memory of the process, all threads included. */
  readonly peakMegabytes: number;
  /** Of all files of the dataset. */
  readonly sha256: string;
}

interface ScaleTask {
  readonly folder: string;
  readonly files: number;
  readonly workers: number;
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
function makeFiles({ folder, files, seeds }: ScaleTask): void {
  const scores = seeds === undefined ? drawnTunes(40) : readSeeds(seeds);
  for (let made = 0; made < files; made += 1) {
    const dir = join(folder, 'midi', String(Math.floor(made / 1000)));
    if (made % 1000 === 0) mkdirSync(dir, { recursive: true });
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

async function prepare({ folder, workers }: ScaleTask): Promise<ScaleReport> {
  const out = join(folder, `set-${workers}`);
  const { files, tokens, seconds } = await prepareDataset({ inputs: [join(folder, 'midi')], out, workers });
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const hash = createHash('sha256');
  // The manifest holds the checksums of the ids, which may be large.
  const names = readdirSync(out).filter((name) => !name.endsWith('.ids'));
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(out, name)));
  rmSync(out, { recursive: true });
  const sum = tokens.train + tokens.valid + tokens.test;
  return { files: files.ok, tokens: sum, seconds, peakMegabytes, sha256: hash.digest('hex') };
}
