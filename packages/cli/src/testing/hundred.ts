import fs from 'node:fs';
import path from 'node:path';
import { readMidiWithReport, writeMidi } from '@rondo/tokenizer';
import type { PresetName } from '@rondo/trainer';
import { makePiece } from './pieces.js';
import { rondoJson } from './run-rondo.js';

/** What a preset is tried with: its scheme, how long it is trained, and how much music is asked of each piece. */
interface Trial {
  readonly scheme: readonly string[];
  readonly train: readonly string[];
  readonly ask: readonly string[];
  /** Seconds that a piece may last at most. */
  readonly atMost: number;
}

const CHORD = ['--scheme', 'chord'];
const GRID = ['--scheme', 'grid', '--grid', '1/8'];
const STEPS = ['--epochs', '1', '--patience', '0'];
const BARS = { ask: ['--bars', '4'], atMost: 8 };
/** Windows are run again for every token: two bars are enough. */
const WINDOWED = { scheme: CHORD, train: [...STEPS, '--sequence', '16', '--max-steps', '3', '--batch', '8'], ask: ['--bars', '2', '--temperature', '1'], atMost: 4 }; // prettier-ignore
const STEPPED = { train: [...STEPS, '--sequence', '32', '--max-steps', '20', '--batch', '4'], ...BARS };

/** A run of a second or two for each preset; `large` and the tutorial's networks take longest. */
export const TRIALS: Readonly<Record<PresetName, Trial>> = {
  tutorial: WINDOWED,
  'tutorial-fig6': WINDOWED,
  'tutorial-fig7': WINDOWED,
  small: { scheme: [], ...STEPPED },
  medium: { scheme: ['--scheme', 'performance'], ...STEPPED },
  large: { scheme: [], ...STEPPED, train: [...STEPPED.train.slice(0, -4), '--max-steps', '4', '--batch', '4'] },
  bilstm: { ...WINDOWED, train: [...WINDOWED.train] },
  piano: { scheme: ['--scheme', 'performance', '--pedals'], ...STEPPED, train: [...STEPPED.train.slice(0, -4), '--max-steps', '4', '--batch', '4'] }, // prettier-ignore
  'piano-small': { scheme: ['--scheme', 'performance', '--pedals'], ...STEPPED },
  chorales: { scheme: GRID, ...STEPPED },
  band: { scheme: [], ...STEPPED },
  nottingham: { scheme: [...GRID, '--holds'], ...STEPPED },
};

/** What is wrong with a piece; nothing where all is well. */
export interface Fault {
  readonly file: string;
  readonly what: string;
}

export interface HundredResult {
  readonly pieces: number;
  readonly notes: number;
  readonly faults: readonly Fault[];
  /** Seconds that were asked of a piece, and that the longest one lasts until its last key goes up. */
  readonly asked: number;
  readonly longest: number;
  /** Tokens of the longest stretch that any piece has copied from the training set. */
  readonly longestCopy: number;
}

/** Trains a preset for a moment and looks at `count` pieces of it, as files. */
export async function tryPreset(preset: PresetName, count: number, folder: string): Promise<HundredResult> {
  const trial = TRIALS[preset];
  const midi = path.join(folder, 'midi');
  const [data, run] = [path.join(folder, `${preset}-data`), path.join(folder, `${preset}-run`)];
  if (!fs.existsSync(midi)) writePedalled(midi, 12);
  await rondoJson(['prepare', midi, '--out', data, '--split', '80/20/0', ...trial.scheme]);
  await rondoJson(['train', data, '--out', run, '--preset', preset, ...trial.train]);
  const out = path.join(folder, `${preset}.mid`);
  const { files } = await rondoJson<{ files: { path: string; notes: number; longestCopy: number }[] }>([
    'generate', run, '--out', out, '--count', String(count), '--training', data, ...trial.ask,
  ]); // prettier-ignore
  const findings = files.map((file) => lookInto(file.path, trial.atMost));
  return {
    pieces: files.length,
    notes: files.reduce((sum, { notes }) => sum + notes, 0),
    faults: findings.flatMap(({ faults }) => faults),
    asked: trial.atMost,
    longest: Math.max(...findings.map(({ seconds }) => seconds)),
    longestCopy: Math.max(...files.map(({ longestCopy }) => longestCopy)),
  };
}

/** Pieces with a pedal under every bar. */
function writePedalled(folder: string, count: number): void {
  fs.mkdirSync(folder, { recursive: true });
  for (let number = 0; number < count; number++) {
    const score = makePiece(number);
    const bar = 4 * score.ticksPerQuarter;
    for (let tick = 0; tick < score.endTick; tick += bar) score.tracks[0].pedals.push({ tick, duration: bar });
    fs.writeFileSync(path.join(folder, `piece-${number}.mid`), writeMidi(score));
  }
}

/**
 * Reads the bytes as any player would: each key (and pedal) that goes down goes up, in time, and nothing lasts longer than
 * asked.
 */
function lookInto(file: string, atMost: number): { seconds: number; faults: Fault[] } {
  const fault = (what: string): Fault => ({ file: path.basename(file), what });
  const bytes = fs.readFileSync(file);
  try {
    const { score, warnings } = readMidiWithReport(bytes);
    const quarter = (score.tempos[0]?.microsecondsPerQuarter ?? 500_000) / 1e6;
    const end = score.tracks.flatMap(({ notes }) => notes).reduce((latest, { tick, duration }) => Math.max(latest, tick + duration), 0); // prettier-ignore
    const endSeconds = (end / score.ticksPerQuarter) * quarter;
    const faults = [
      ...warnings.map((warning) => fault(warning)),
      ...(end === 0 ? [fault('no notes')] : []),
      ...(endSeconds > atMost + 0.02 ? [fault(`lasts ${endSeconds.toFixed(2)} s, asked were ${atMost}`)] : []),
      ...(openKeys(bytes) > 0 ? [fault(`${openKeys(bytes)} hanging notes or pedals`)] : []),
    ];
    return { seconds: endSeconds, faults };
  } catch (error) {
    return { seconds: 0, faults: [fault((error as Error).message)] };
  }
}

/** Keys and pedals that are down when a track ends, by walking its events; written independently of the project's reader. */
function openKeys(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let open = 0;
  for (let at = 14; at + 8 <= bytes.length; at += 8 + view.getUint32(at + 4)) {
    const down = new Map<number, number>();
    const end = at + 8 + view.getUint32(at + 4);
    let status = 0;
    for (let p = at + 8; p < end; ) {
      while (view.getUint8(p++) >= 0x80); // the time before the event
      if (view.getUint8(p) >= 0x80) status = view.getUint8(p++);
      if (status === 0xff || status >= 0xf0) {
        if (status === 0xff) p++;
        let length = 0;
        for (let more = true; more; ) {
          const byte = view.getUint8(p++);
          length = (length << 7) | (byte & 0x7f);
          more = byte >= 0x80;
        }
        p += length;
        continue;
      }
      const [kind, first] = [status & 0xf0, view.getUint8(p)];
      const second = kind === 0xc0 || kind === 0xd0 ? 0 : view.getUint8(p + 1);
      p += kind === 0xc0 || kind === 0xd0 ? 1 : 2;
      const key = (status & 0xf) * 128 + first;
      if (kind === 0x90 && second > 0) down.set(key, (down.get(key) ?? 0) + 1);
      else if (kind === 0xb0 && first === 64) down.set(-1 - (status & 0xf), second >= 64 ? 1 : 0);
      else if (kind === 0x80 || kind === 0x90) down.set(key, (down.get(key) ?? 0) - 1);
    }
    for (const count of down.values()) open += Math.max(0, count);
  }
  return open;
}
